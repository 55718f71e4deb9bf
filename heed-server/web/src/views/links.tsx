import { useEffect, useMemo, useRef } from 'preact/hooks';
import { computed, signal } from '@preact/signals';
import { api } from '../data/api';
import type { Edges } from '../data/types';
import { Canvas, fitted, font } from '../draw/canvas';
import { buckets, greatest, links, type Link } from '../look/mass';
import { groupOf, type Group } from '../look/words';
import { at, columnGroups, keeps, long, look, measured, rowGroups, token } from '../state/look';
import { go, place } from '../state/address';
import { resource } from '../state/resource';
import { run } from '../state/running';
import { inks } from '../state/theme';

const PITCH = 24;
const MOST_LINKS = 2000;
const WIDEST = 130;
const MOST_HEIGHT = 640;

const far = resource<Edges>(
  () => (run.value && at.value && long.value
    ? `${run.value.run}/${at.value.stream}/${at.value.layer}/${at.value.head}/${place.value.mass}/${measured.value}` : null),
  (called) => api.edges(run.value!.run, at.value!, place.value.mass / 100, measured.value, called),
);

interface Drawn {
  rows: Group[];
  columns: Group[];
  links: Link[];
  most: number;
}

export const drawn = computed<Drawn | null>(() => {
  if (long.value) return fromEdges(far.value.value);
  const shown = look.value;
  if (!shown) return null;
  const { rows, columns, weights, most } = shown;
  return { rows, columns, most, links: links(weights, rows.length, columns.length, place.value.mass / 100, MOST_LINKS) };
});

function fromEdges(edges: Edges | null): Drawn | null {
  if (!edges) return null;
  const rows = rowGroups.value.filter(keeps.value);
  const columns = columnGroups.value.filter(keeps.value);
  const place = (groups: Group[]) => new Map(groups.flatMap((group, i) => group.tokens.map((each) => [each, i] as const)));
  const [rowOf, columnOf] = [place(rows), place(columns)];
  const shown = edges.from.flatMap((query, i) => {
    const [from, to] = [rowOf.get(query), columnOf.get(edges.to[i])];
    return from === undefined || to === undefined ? [] : [{ from, to, weight: edges.weight[i] }];
  });
  return { rows, columns, links: shown, most: greatest(shown.map(({ weight }) => weight)) };
}

/** Two columns of words and lines between them, drawn as far as the scrolled box shows them. */
export function Links() {
  const state = useMemo(() => ({ scrolled: signal(0), preview: signal<number>(-1) }), []);
  const box = useRef<HTMLDivElement>(null);
  // A chosen word that is scrolled out of sight is no choice that anybody sees.
  useEffect(() => {
    const side = place.value.direction === 'out' ? drawn.value?.rows : drawn.value?.columns;
    const top = groupOf(side ?? [], token.value) * PITCH;
    if (!box.current || top < 0) return;
    const { scrollTop, clientHeight } = box.current;
    if (top < scrollTop || top + PITCH > scrollTop + clientHeight) box.current.scrollTop = top - clientHeight / 2;
  }, [token.value, place.value.direction, drawn.value?.rows]);
  const count = drawn.value ? Math.max(drawn.value.rows.length, drawn.value.columns.length) : 0;
  const height = () => Math.min(MOST_HEIGHT, Math.max(60, count * PITCH + 6));
  const geometry = (width: number) => {
    const side = Math.min(WIDEST, width * 0.34);
    return { left: side, right: width - side };
  };
  const paint = (drawing: CanvasRenderingContext2D, width: number, high: number) => {
    const shown = drawn.value;
    if (!shown) return;
    drawing.translate(0, -state.scrolled.value);
    const seen: [number, number] = [state.scrolled.value, state.scrolled.value + high];
    draw(drawing, shown, geometry(width), width, seen, state.preview.value);
  };
  const find = (event: MouseEvent): [Group, boolean] | null => {
    const bounds = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const { left, right } = geometry(bounds.width);
    const x = event.clientX - bounds.left;
    const row = Math.floor((event.clientY - bounds.top + state.scrolled.value) / PITCH);
    const group = x <= left ? drawn.value?.rows[row] : x >= right ? drawn.value?.columns[row] : undefined;
    return group ? [group, x <= left] : null;
  };
  return <div class="links" ref={box} tabIndex={0} role="region" aria-label="Lines between words" onScroll={() => { state.scrolled.value = box.current!.scrollTop; }}
    style={{ maxHeight: `${MOST_HEIGHT}px` }}>
    <div class="run" style={{ height: `${count * PITCH + 6}px` }}>
      <div class="stuck">
        <Canvas name="links" paint={paint} height={height}
          label={`${drawn.value?.links.length ?? 0} lines from words that look to words that are looked at; their numbers are in the table below`}
          onPointerMove={(event) => {
            const found = event.pointerType === 'mouse' ? find(event) : null;
            state.preview.value = found && found[1] === (place.value.direction === 'out') ? found[0].tokens[0] : -1;
          }}
          onPointerLeave={() => { state.preview.value = -1; }}
          onClick={(event) => {
            const found = find(event);
            if (found) go({ token: found[0].tokens[0], direction: found[1] ? 'out' : 'in' });
          }} />
      </div>
    </div>
  </div>;
}

function draw(drawing: CanvasRenderingContext2D, shown: Drawn, { left, right }: { left: number; right: number }, width: number,
    [above, below]: [number, number], preview: number) {
  const out = place.value.direction === 'out';
  const chosen = groupOf(out ? shown.rows : shown.columns, preview >= 0 ? preview : token.value);
  const { ink, idle, accent, wash } = inks.value;
  const middle = (at: number) => at * PITCH + PITCH / 2 + 3;
  const [from, to] = [left + 4, right - 4];
  const touches = (link: Link) => Math.max(middle(link.from), middle(link.to)) > above && Math.min(middle(link.from), middle(link.to)) < below;
  const mine = (link: Link) => (out ? link.from : link.to) === chosen;
  const seen = shown.links.filter(touches);
  for (const [of, colour] of [[seen.filter((link) => !mine(link)), idle], [seen.filter(mine), accent]] as const) {
    buckets(of, shown.most).forEach((bucket, at, all) => {
      if (!bucket.length) return;
      const strength = (at + 1) / all.length;
      drawing.beginPath();
      for (const link of bucket) {
        drawing.moveTo(from, middle(link.from));
        drawing.bezierCurveTo((from + to) / 2, middle(link.from), (from + to) / 2, middle(link.to), to, middle(link.to));
      }
      drawing.strokeStyle = colour;
      drawing.globalAlpha = colour === accent ? 0.35 + 0.65 * strength : 0.08 + 0.42 * strength;
      drawing.lineWidth = 0.6 + 4 * strength;
      drawing.stroke();
    });
  }
  drawing.globalAlpha = 1;
  const linked = new Set(seen.filter(mine).map((link) => (out ? link.to : link.from)));
  drawing.textBaseline = 'middle';
  for (const side of ['rows', 'columns'] as const) {
    const lookers = side === 'rows';
    const groups = shown[side];
    const last = Math.min(groups.length, Math.ceil(below / PITCH));
    for (let i = Math.max(0, Math.floor(above / PITCH)); i < last; i++) {
      const isChosen = lookers === out && i === chosen;
      const [x, y] = [lookers ? 2 : right + 1, middle(i) - PITCH / 2 + 2];
      const room = lookers ? left - 3 : width - right - 3;
      if (lookers !== out && linked.has(i)) {
        drawing.fillStyle = wash;
        drawing.fillRect(x, y, room, PITCH - 4);
      }
      if (isChosen) {
        drawing.strokeStyle = accent;
        drawing.lineWidth = 2;
        drawing.strokeRect(x, y, room, PITCH - 4);
      }
      drawing.fillStyle = ink;
      drawing.font = font(14, isChosen || (lookers !== out && linked.has(i)) ? '600' : '');
      drawing.textAlign = lookers ? 'right' : 'left';
      drawing.fillText(fitted(drawing, groups[i].text, room - 8), lookers ? left - 5 : right + 6, middle(i) + 0.5);
    }
  }
}
