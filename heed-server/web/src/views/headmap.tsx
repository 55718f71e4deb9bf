import { useEffect, useMemo, useRef } from 'preact/hooks';
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { Canvas, font } from '../draw/canvas';
import { picture } from '../draw/cells';
import { zoomed } from '../draw/zoom';
import { fitGrid, type Grid } from '../look/layout';
import { percent } from '../look/percent';
import { at, crossing, info, keyTokens, queryTokens, showsSpecial, thumbs, token } from '../state/look';
import { place } from '../state/address';
import { remembered } from '../state/enlarged';
import { run } from '../state/running';
import { colours, inks } from '../state/theme';
import type { HeadFacts } from '../data/types';

const LEFT = 22;
const TOP = 18;
const GAP = 4;

/** Tokens per cell of a thumbnail: 1 for short texts, whose special tokens can then be left out. */
const exact = computed(() => {
  const known = thumbs.value.value;
  return known !== null && known.shape[2] === queryTokens.value.length && known.shape[3] === keyTokens.value.length;
});

/** All heads' thumbnails, each with full colour at its own strongest cell: [layers][heads]. */
const pictures: ReadonlySignal<HTMLCanvasElement[][]> = computed(() => {
  const known = thumbs.value.value;
  if (!known) return [];
  const [layers, heads, height, width] = known.shape;
  const hide = exact.value && !showsSpecial.value;
  const all = (length: number) => Array.from({ length }, (_, i) => i);
  const rows = all(height).filter((i) => !hide || !queryTokens.value[i].special);
  const columns = all(width).filter((i) => !hide || !keyTokens.value[i].special);
  return all(layers).map((layer) => all(heads).map((head) => {
    const start = (layer * heads + head) * height * width;
    const value = (row: number, column: number) => known.values[start + rows[row] * width + columns[column]];
    let most = 1;
    for (let row = 0; row < rows.length; row++) {
      for (let column = 0; column < columns.length; column++) most = Math.max(most, value(row, column));
    }
    return picture(rows.length, columns.length, colours.value, (row, column) => Math.sqrt(value(row, column) / most));
  }));
});

const TARGETS: [keyof HeadFacts, string][] = [
  ['others', 'other words'], ['special', 'special tokens'], ['itself', 'the word itself'],
  ['previous', 'the word before'], ['next', 'the word after'],
];

/** Between two texts, there is no word itself, before or after. */
export const targets = (facts: HeadFacts): [string, number][] =>
  (crossing.value ? TARGETS.slice(0, 2) : TARGETS).map(([key, name]) => [name, facts[key]]);

export const factsOf = (layer: number, head: number): HeadFacts | undefined =>
  at.value ? run.value?.heads[at.value.stream]?.find((facts) => facts.layer === layer && facts.head === head) : undefined;

function described(layer: number, head: number): string {
  const facts = factsOf(layer, head);
  const name = `Layer ${layer}, head ${head}`;
  if (!facts) return name;
  const [most, share] = targets(facts).reduce((best, each) => (each[1] > best[1] ? each : best));
  return `${name}: mostly on ${most}, ${percent(share)}`;
}

interface Properties {
  label: string;
  chosen?: { layer: number; head: number } | null;
  onChoose: (layer: number, head: number) => void;
  /** Heads that are switched off. */
  off?: (layer: number, head: number) => boolean;
  /** A colour from 0 to 1 instead of the thumbnails. */
  value?: (layer: number, head: number) => number | null;
  describe?: (layer: number, head: number) => string;
}

/** Layers × heads on one canvas. Over it lies a grid of empty cells, which keyboards and screen readers use. */
export function HeadMap(properties: Properties) {
  const layers = info.value?.layers ?? 0;
  const heads = info.value?.heads ?? 0;
  const overlay = useRef<HTMLDivElement>(null);
  const state = useMemo(() => {
    const grid = { now: fitGrid(1, 1, 1, LEFT, TOP, GAP, 64), width: 1, height: 1 };
    const zoom = zoomed(() => [0, 0, grid.width, grid.height], () => Math.max(1, 260 / grid.now.cell));
    return { grid, zoom, kept: remembered(zoom, 'map', () => [grid.width, grid.height]), place: signal('') };
  }, []);
  const { grid, zoom, kept } = state;
  useEffect(() => kept.leave, []);
  const stage = useRef<HTMLDivElement>(null);
  useEffect(() => zoom.setup(stage.current!), []);
  const height = (width: number) => {
    grid.now = fitGrid(width - 2, layers, heads, LEFT, TOP, GAP, 64);
    grid.width = LEFT + heads * grid.now.cell;
    grid.height = TOP + layers * grid.now.cell;
    state.place.value = `${grid.now.cell}/${heads}/${layers}`;
    kept.settle();
    return grid.height + 2;
  };
  const paint = (drawing: CanvasRenderingContext2D, width: number, high: number) => {
    const view = zoom.view.value;
    drawing.save();
    drawing.translate(view.x, view.y);
    drawing.scale(view.k, view.k);
    numbers(drawing, grid.now, view.k);
    const seen = window(grid.now, view, width, high);
    for (let layer = seen.top; layer < seen.bottom; layer++) {
      for (let head = seen.left; head < seen.right; head++) cell(drawing, grid.now, layer, head, properties, view.k);
    }
    drawing.restore();
    if (overlay.current) overlay.current.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.k})`;
  };
  const move = (event: KeyboardEvent) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[role=gridcell]');
    if (!cell || event.ctrlKey || event.altKey || event.metaKey) return;
    const [layer, head] = [Number(cell.dataset.layer), Number(cell.dataset.head)];
    const to: Record<string, [number, number]> = { ArrowLeft: [layer, head - 1], ArrowRight: [layer, head + 1],
      ArrowUp: [layer - 1, head], ArrowDown: [layer + 1, head], Home: [layer, 0], End: [layer, heads - 1],
      PageUp: [0, head], PageDown: [layers - 1, head] };
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      properties.onChoose(layer, head);
    } else if (to[event.key]) {
      event.preventDefault();
      const [wantedLayer, wantedHead] = to[event.key];
      const next = overlay.current!.querySelector<HTMLElement>(
        `[data-layer="${Math.min(layers - 1, Math.max(0, wantedLayer))}"][data-head="${Math.min(heads - 1, Math.max(0, wantedHead))}"]`);
      next?.focus();
      if (next && !properties.off) properties.onChoose(Number(next.dataset.layer), Number(next.dataset.head));
    } else {
      zoom.key(event);
    }
  };
  const { chosen } = properties;
  const stop = chosen && chosen.layer < layers && chosen.head < heads ? chosen : { layer: 0, head: 0 };
  const describe = properties.describe ?? described;
  return <div class="headmap">
    <div class="stage" ref={stage}>
      <Canvas name="heads" label={`${layers} layers with ${heads} heads each, in small`} paint={paint} height={height} />
      <Cells layers={layers} heads={heads} label={properties.label} stop={stop} describe={describe} off={properties.off}
        selected={chosen ?? null} place={state.place.value} grid={grid.now} element={overlay} onKeyDown={move}
        onChoose={properties.onChoose} />
    </div>
    <div class="zoom" role="group" aria-label="Zoom of the head map">
      <button type="button" aria-label="Show heads smaller" onClick={() => zoom.by(1 / 1.5)}>−</button>
      <button type="button" aria-label="Show heads larger" onClick={() => zoom.by(1.5)}>+</button>
      <button type="button" onClick={zoom.fit}>All heads</button>
    </div>
  </div>;
}

interface CellsProperties {
  layers: number;
  heads: number;
  label: string;
  stop: { layer: number; head: number };
  selected: { layer: number; head: number } | null;
  off?: (layer: number, head: number) => boolean;
  describe: (layer: number, head: number) => string;
  place: string;
  grid: Grid;
  element: { current: HTMLDivElement | null };
  onKeyDown: (event: KeyboardEvent) => void;
  onChoose: (layer: number, head: number) => void;
}

function Cells({ layers, heads, label, stop, selected, off, describe, grid, element, onKeyDown, onChoose }: CellsProperties) {
  return <div class="cells" ref={element} role="grid" aria-label={label} aria-rowcount={layers} aria-colcount={heads} onKeyDown={onKeyDown}>
    {Array.from({ length: layers }, (_, layer) => <div role="row" key={layer}>
      {Array.from({ length: heads }, (_, head) => {
        const name = describe(layer, head);
        const isOff = off?.(layer, head);
        return <div role="gridcell" key={head} data-layer={layer} data-head={head} title={name}
          aria-label={isOff === undefined ? name : `${name}, ${isOff ? 'switched off' : 'on'}`}
          aria-selected={selected?.layer === layer && selected.head === head}
          tabIndex={stop.layer === layer && stop.head === head ? 0 : -1} onClick={() => onChoose(layer, head)}
          style={{ left: `${grid.left + head * grid.cell}px`, top: `${grid.top + layer * grid.cell}px`,
            width: `${grid.cell - grid.gap}px`, height: `${grid.cell - grid.gap}px` }} />;
      })}
    </div>)}
  </div>;
}

function window(grid: Grid, view: { k: number; x: number; y: number }, width: number, height: number) {
  const cell = grid.cell * view.k;
  const first = (start: number) => Math.max(0, Math.floor(start / cell));
  const last = (end: number, count: number) => Math.min(count, Math.ceil(end / cell));
  const [x, y] = [view.x + grid.left * view.k, view.y + grid.top * view.k];
  return { left: first(-x), right: last(width - x, grid.columns), top: first(-y), bottom: last(height - y, grid.rows) };
}

function numbers(drawing: CanvasRenderingContext2D, grid: Grid, k: number) {
  drawing.fillStyle = inks.value.muted;
  drawing.font = font(10 / Math.sqrt(k));
  drawing.textAlign = 'center';
  drawing.textBaseline = 'middle';
  const every = Math.ceil(14 / grid.cell);
  const middle = (grid.cell - grid.gap) / 2;
  for (let head = 0; head < grid.columns; head += every) drawing.fillText(String(head), grid.left + head * grid.cell + middle, grid.top / 2 - 1);
  for (let layer = 0; layer < grid.rows; layer += every) drawing.fillText(String(layer), grid.left / 2 - 2, grid.top + layer * grid.cell + middle);
}

function cell(drawing: CanvasRenderingContext2D, grid: Grid, layer: number, head: number, properties: Properties, k: number) {
  const side = grid.cell - grid.gap;
  const [x, y] = [grid.left + head * grid.cell, grid.top + layer * grid.cell];
  const { ink, line, accent, card } = inks.value;
  const value = properties.value?.(layer, head);
  if (value !== undefined && value !== null) {
    const [red, green, blue] = colours.value[Math.round(255 * Math.min(1, Math.max(0, value)))];
    drawing.fillStyle = `rgb(${red} ${green} ${blue})`;
    drawing.fillRect(x, y, side, side);
  } else {
    const shown = pictures.value[layer]?.[head];
    if (shown) {
      drawing.imageSmoothingEnabled = side * k * devicePixelRatio < shown.width;
      drawing.drawImage(shown, x, y, side, side);
    }
  }
  if (properties.off?.(layer, head)) {
    drawing.fillStyle = card;
    drawing.globalAlpha = 0.72;
    drawing.fillRect(x, y, side, side);
    drawing.globalAlpha = 1;
    drawing.strokeStyle = ink;
    drawing.lineWidth = 1.5;
    drawing.beginPath();
    drawing.moveTo(x + 3, y + 3);
    drawing.lineTo(x + side - 3, y + side - 3);
    drawing.moveTo(x + side - 3, y + 3);
    drawing.lineTo(x + 3, y + side - 3);
    drawing.stroke();
  } else if (!properties.off && !properties.value) {
    band(drawing, x, y, side);
  }
  drawing.lineWidth = 1 / k;
  drawing.strokeStyle = line;
  drawing.strokeRect(x, y, side, side);
  if (properties.chosen?.layer === layer && properties.chosen.head === head) {
    drawing.lineWidth = 2;
    drawing.strokeStyle = accent;
    drawing.strokeRect(x - 1.5, y - 1.5, side + 3, side + 3);
  }
}

/** Where the chosen token's row, or column, runs through the thumbnail. */
function band(drawing: CanvasRenderingContext2D, x: number, y: number, side: number) {
  const out = place.value.direction === 'out';
  const tokens = (out ? queryTokens : keyTokens).value;
  const shown = exact.value && !showsSpecial.value ? tokens.map((_, i) => i).filter((i) => !tokens[i].special) : null;
  const [index, count] = shown ? [shown.indexOf(token.value), shown.length] : [token.value, tokens.length];
  if (index < 0 || count === 0) return;
  const size = Math.max(1.5, side / count);
  const start = Math.min(side - size, (index * side) / count);
  drawing.fillStyle = inks.value.accent;
  drawing.globalAlpha = 0.28;
  if (out) drawing.fillRect(x, y + start, side, size);
  else drawing.fillRect(x + start, y, size, side);
  drawing.globalAlpha = 1;
}
