import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { signal } from '@preact/signals';
import { api } from '../data/api';
import { Kept } from '../data/kept';
import { picture } from '../draw/cells';
import { levelFor, type Matrix as Layout, type View } from '../look/layout';
import { percent } from '../look/percent';
import { said } from '../look/words';
import { at, keyTokens, measured, queryTokens, token } from '../state/look';
import { go, place } from '../state/address';
import { run } from '../state/running';
import { colours } from '../state/theme';
import { Card } from './card';
import { Matrix } from './matrix';
import { strongestSaid } from './saying';

const SIDE = 256;
/** 256 × 256 cells each, as numbers and as a picture: 64 of them are 33 MB. */
const MOST_TILES = 64;

interface Tile { values: Float32Array; rows: number; columns: number; image: HTMLCanvasElement | null; colours: unknown }

/** Tiles of a head, fetched as they come into view. */
function tiles() {
  const kept = new Kept<Tile | 'coming' | 'failed'>(MOST_TILES);
  const arrived = signal(0);
  const key = (level: number, y: number, x: number) => {
    const { stream, layer, head } = at.value!;
    return `${run.value!.run}/${stream}/${layer}/${head}/${measured.value}/${level}/${y}/${x}`;
  };
  const get = (level: number, y: number, x: number): Tile | null => {
    void arrived.value;
    const name = key(level, y, x);
    const known = kept.get(name);
    if (known) return typeof known === 'string' ? null : known;
    kept.set(name, 'coming');
    api.tile(run.value!.run, at.value!, level, y, x, measured.value).then(({ shape: [rows, columns], values }) => {
      kept.set(name, { values: values as Float32Array, rows, columns, image: null, colours: null });
      arrived.value++;
    }, () => { kept.set(name, 'failed'); });
    return null;
  };
  return { get };
}

function draw(drawing: CanvasRenderingContext2D, source: ReturnType<typeof tiles>, layout: Layout, view: View) {
  const level = levelFor((layout.width / layout.columns) * view.k * devicePixelRatio, Math.max(layout.rows, layout.columns));
  const deepest = levelFor(1e-9, Math.max(layout.rows, layout.columns));
  // The coarsest level is small and soon there: it stands in until finer tiles come.
  for (const each of level === deepest ? [level] : [deepest, level]) drawLevel(drawing, source, layout, view, each);
}

function drawLevel(drawing: CanvasRenderingContext2D, source: ReturnType<typeof tiles>, layout: Layout, view: View, level: number) {
  const tokens = SIDE * 2 ** level;
  const [wide, high] = [layout.width / layout.columns, layout.height / layout.rows];
  const range = (start: number, length: number, size: number, count: number) => [
    Math.max(0, Math.floor(-start / (size * tokens))), Math.min(Math.ceil(count / tokens), Math.ceil((length - start) / (size * tokens)))];
  const [left, right] = range(view.x, layout.width, wide * view.k, layout.columns);
  const [top, bottom] = range(view.y, layout.height, high * view.k, layout.rows);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const tile = source.get(level, y, x);
      if (!tile) continue;
      if (!tile.image || tile.colours !== colours.value) {
        tile.image = picture(tile.rows, tile.columns, colours.value, (row, column) => Math.sqrt(tile.values[row * tile.columns + column]));
        tile.colours = colours.value;
      }
      drawing.imageSmoothingEnabled = false;
      drawing.drawImage(tile.image, x * tokens * wide, y * tokens * high, tile.columns * 2 ** level * wide, tile.rows * 2 ** level * high);
    }
  }
}

/** The matrix of a text too long for one answer. */
export function LongMatrix({ actions }: { actions?: ComponentChildren }) {
  const source = useMemo(tiles, []);
  const rows = useMemo(() => queryTokens.value.map((each) => each.text), [queryTokens.value]);
  const columns = useMemo(() => keyTokens.value.map((each) => each.text), [keyTokens.value]);
  const out = place.value.direction === 'out';
  const say = (row: number, column: number) => {
    const tile = source.get(0, Math.floor(row / SIDE), Math.floor(column / SIDE));
    const weight = tile?.values[(row % SIDE) * tile.columns + (column % SIDE)];
    return `${said(rows[row])} → ${said(columns[column])} ${weight === undefined ? '' : percent(weight)}`;
  };
  return <Card id="matrix" title="Matrix" actions={actions} how={<>Each row is a word that looks. {rows.length.toLocaleString('en')} words: zoom in to read them.
    Colours grow with the square root of the weight, so that faint ones are seen; a cell of the whole shows the greatest weight in it.</>}>
    <Matrix name="matrix" rows={rows} columns={columns} say={say} otherwise={strongestSaid()}
      label={`Attention of layer ${at.value!.layer}, head ${at.value!.head} as a matrix of ${rows.length} words. Plus and minus zoom, arrow keys move.`}
      cells={(drawing, layout, view) => draw(drawing, source, layout, view)}
      chosenRow={out ? token.value : -1} chosenColumn={out ? -1 : token.value}
      onPick={(row, column) => go({ token: out ? row : column })} />
  </Card>;
}
