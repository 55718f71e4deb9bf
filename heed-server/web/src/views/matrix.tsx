import { useEffect, useMemo } from 'preact/hooks';
import { signal } from '@preact/signals';
import { Canvas, fitted, font } from '../draw/canvas';
import { zoomed } from '../draw/zoom';
import { under, visible, type Matrix as Layout, type View } from '../look/layout';
import { remembered } from '../state/enlarged';
import { inks } from '../state/theme';

export interface MatrixProperties {
  name: string;
  label: string;
  rows: string[];
  columns: string[];
  /** Draws the cells into the square from (0, 0), already moved and enlarged; `cell` is a cell's width on the screen. */
  cells: (drawing: CanvasRenderingContext2D, layout: Layout, view: View) => void;
  /** Written into a cell, and its colour; into a small one goes a sign, or nothing. */
  written?: (row: number, column: number, small: boolean) => [string, string] | null;
  say: (row: number, column: number) => string;
  /** What is said while nothing is pointed at. */
  otherwise: string;
  chosenRow?: number;
  chosenColumn?: number;
  /** Written behind a row, such as what goes to hidden tokens. */
  tail?: (row: number) => [number, string];
  onPick?: (row: number, column: number) => void;
}

const WIDEST_LABEL = 96;
const LARGEST_CELL = 34;
const LEAST_WRITTEN = 9;
const SLANT = (55 * Math.PI) / 180;
const MOST_HEIGHT = 640;

interface Frame { left: number; top: number; right: number; height: number; layout: Layout }

function frame(properties: MatrixProperties, width: number, widest: number): Frame {
  const { rows, columns, tail } = properties;
  const left = Math.ceil(widest) + 8;
  const top = Math.ceil(widest * Math.sin(SLANT)) + 16;
  const right = Math.max(tail ? 52 : 4, Math.min(60, Math.ceil(widest * Math.cos(SLANT)) - 8));
  const cell = Math.min(LARGEST_CELL, Math.max(0.01, (width - left - right) / Math.max(1, columns.length)));
  const wide = cell * columns.length;
  const high = Math.min(MOST_HEIGHT, Math.max(cell * rows.length, Math.min(24 * rows.length, 120)));
  return { left, top, right, height: top + high + 4, layout: { width: wide, height: high, rows: rows.length, columns: columns.length } };
}

let ruler: CanvasRenderingContext2D | null = null;
function widestOf(labels: string[]): number {
  ruler ??= document.createElement('canvas').getContext('2d')!;
  ruler.font = font(13);
  let widest = 12;
  for (const label of labels.length > 200 ? labels.slice(0, 200) : labels) {
    widest = Math.max(widest, ruler.measureText(label).width);
  }
  return Math.min(WIDEST_LABEL, widest);
}

/** Rows look, columns are looked at. Any number of both: only what can be seen is drawn. */
export function Matrix(properties: MatrixProperties) {
  const state = useMemo(() => {
    const shape = { now: { left: 0, top: 0, right: 0, height: 0, layout: { width: 1, height: 1, rows: 1, columns: 1 } } as Frame };
    const zoom = zoomed(
      () => [0, 0, shape.now.layout.width, shape.now.layout.height],
      () => Math.max(1, (56 * shape.now.layout.columns) / shape.now.layout.width),
    );
    const kept = remembered(zoom, 'view', () => [shape.now.layout.width, shape.now.layout.height]);
    return { shape, zoom, kept, pointed: signal<[number, number] | null>(null) };
  }, []);
  const { shape, zoom, kept, pointed } = state;
  useEffect(() => kept.leave, []);
  const widest = useMemo(() => widestOf([...properties.rows, ...properties.columns]), [properties.rows, properties.columns]);

  const find = (event: MouseEvent) => {
    const bounds = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const { left, top, layout } = shape.now;
    const [x, y] = [event.clientX - bounds.left - left, event.clientY - bounds.top - top];
    return x < 0 || y < 0 || x > layout.width || y > layout.height ? null : under(layout, zoom.view.value, x, y);
  };
  const height = (width: number) => {
    shape.now = frame(properties, width, widest);
    kept.settle();
    return shape.now.height;
  };
  const paint = (drawing: CanvasRenderingContext2D, width: number) => {
    const view = zoom.view.value;
    const { left, top, layout } = shape.now;
    drawing.save();
    drawing.beginPath();
    drawing.rect(left, top, layout.width, layout.height);
    drawing.clip();
    drawing.translate(left + view.x, top + view.y);
    drawing.scale(view.k, view.k);
    properties.cells(drawing, layout, view);
    drawing.restore();
    lines(drawing, shape.now, view);
    writtenCells(drawing, properties, shape.now, view);
    labels(drawing, properties, shape.now, view);
    chosen(drawing, properties, shape.now, view, width);
  };
  const { rows, columns, onPick } = properties;
  return <div class="matrix">
    <Canvas name={properties.name} label={properties.label} paint={paint} height={height} focusable setup={zoom.setup}
      onKeyDown={zoom.key}
      onPointerMove={(event) => { const cell = find(event); pointed.value = cell && [cell.row, cell.column]; }}
      onPointerLeave={() => { pointed.value = null; }}
      onClick={(event) => { const cell = find(event); if (cell) onPick?.(cell.row, cell.column); }} />
    <div class="below">
      <Readout pointed={pointed} say={(row, column) => (row < rows.length && column < columns.length
        ? properties.say(row, column) : properties.otherwise)} otherwise={properties.otherwise} />
      <div class="zoom" role="group" aria-label="Zoom">
        <button type="button" aria-label="Zoom out" onClick={() => zoom.by(1 / 1.5)}>−</button>
        <button type="button" aria-label="Zoom in" title="Ctrl and the wheel, a pinch, or + and − zoom, too" onClick={() => zoom.by(1.5)}>+</button>
        <button type="button" onClick={zoom.fit}>Fit</button>
      </div>
    </div>
  </div>;
}

function Readout({ pointed, say, otherwise }: { pointed: { value: [number, number] | null };
  say: (row: number, column: number) => string; otherwise: string }) {
  return <p class="readout">{pointed.value ? say(...pointed.value) : otherwise}</p>;
}

/** Thin lines between cells that are large enough to count. */
function lines(drawing: CanvasRenderingContext2D, { left, top, layout }: Frame, view: View) {
  const [wide, high] = [(layout.width / layout.columns) * view.k, (layout.height / layout.rows) * view.k];
  drawing.strokeStyle = inks.value.card;
  drawing.lineWidth = 1;
  drawing.beginPath();
  if (wide >= 8) {
    const [from, to] = visible(layout.columns, layout.width, { k: view.k, at: view.x }, layout.width);
    for (let column = from; column <= to; column++) {
      const x = Math.min(left + layout.width, left + view.x + column * wide);
      drawing.moveTo(x - 0.5, top);
      drawing.lineTo(x - 0.5, top + layout.height);
    }
  }
  if (high >= 8) {
    const [from, to] = visible(layout.rows, layout.height, { k: view.k, at: view.y }, layout.height);
    for (let row = from; row <= to; row++) {
      const y = Math.min(top + layout.height, top + view.y + row * high);
      drawing.moveTo(left, y - 0.5);
      drawing.lineTo(left + layout.width, y - 0.5);
    }
  }
  drawing.stroke();
}

function writtenCells(drawing: CanvasRenderingContext2D, { written }: MatrixProperties, { left, top, layout }: Frame, view: View) {
  const [wide, high] = [(layout.width / layout.columns) * view.k, (layout.height / layout.rows) * view.k];
  const small = wide < 30 || high < 16;
  if (!written || Math.min(wide, high) < LEAST_WRITTEN) return;
  drawing.save();
  drawing.beginPath();
  drawing.rect(left, top, layout.width, layout.height);
  drawing.clip();
  drawing.font = font(11);
  drawing.textAlign = 'center';
  drawing.textBaseline = 'middle';
  const [firstRow, lastRow] = visible(layout.rows, layout.height, { k: view.k, at: view.y }, layout.height);
  const [firstColumn, lastColumn] = visible(layout.columns, layout.width, { k: view.k, at: view.x }, layout.width);
  for (let row = firstRow; row < lastRow; row++) {
    for (let column = firstColumn; column < lastColumn; column++) {
      const text = written(row, column, small);
      if (!text) continue;
      drawing.fillStyle = text[1];
      drawing.fillText(text[0], left + view.x + (column + 0.5) * wide, top + view.y + (row + 0.5) * high);
    }
  }
  drawing.restore();
}

/** Every label where there is room, else every second, third … one. */
function labels(drawing: CanvasRenderingContext2D, { rows, columns, tail }: MatrixProperties, { left, top, layout }: Frame, view: View) {
  const [wide, high] = [(layout.width / layout.columns) * view.k, (layout.height / layout.rows) * view.k];
  const { ink, muted, wash } = inks.value;
  drawing.textBaseline = 'middle';
  const [firstRow, lastRow] = visible(layout.rows, layout.height, { k: view.k, at: view.y }, layout.height);
  const everyRow = Math.ceil(13 / high);
  for (let row = Math.ceil(firstRow / everyRow) * everyRow; row < lastRow; row += everyRow) {
    const y = top + view.y + (row + 0.5) * high;
    if (y < top || y > top + layout.height) continue;
    drawing.font = font(Math.min(13, Math.max(10, high * everyRow - 1)));
    drawing.fillStyle = ink;
    drawing.textAlign = 'right';
    drawing.fillText(fitted(drawing, rows[row], WIDEST_LABEL), left - 5, y);
    if (tail && everyRow === 1) {
      const [share, text] = tail(row);
      drawing.fillStyle = wash;
      drawing.fillRect(left + layout.width + 6, y - Math.min(high, 20) / 2 + 0.5, 40 * share, Math.min(high, 20) - 1);
      drawing.fillStyle = muted;
      drawing.textAlign = 'left';
      drawing.font = font(11);
      drawing.fillText(text, left + layout.width + 8, y);
    }
  }
  const [firstColumn, lastColumn] = visible(layout.columns, layout.width, { k: view.k, at: view.x }, layout.width);
  const everyColumn = Math.ceil(13 / wide);
  drawing.textAlign = 'left';
  drawing.fillStyle = ink;
  drawing.font = font(Math.min(13, Math.max(10, wide * everyColumn - 1)));
  for (let column = Math.ceil(firstColumn / everyColumn) * everyColumn; column < lastColumn; column += everyColumn) {
    const x = left + view.x + (column + 0.5) * wide;
    if (x < left || x > left + layout.width) continue;
    drawing.save();
    drawing.translate(x, top - 6);
    drawing.rotate(-SLANT);
    drawing.fillText(fitted(drawing, columns[column], WIDEST_LABEL), 0, 0);
    drawing.restore();
  }
}

function chosen(drawing: CanvasRenderingContext2D, { chosenRow = -1, chosenColumn = -1 }: MatrixProperties,
    { left, top, layout }: Frame, view: View, width: number) {
  const [wide, high] = [(layout.width / layout.columns) * view.k, (layout.height / layout.rows) * view.k];
  drawing.save();
  drawing.beginPath();
  drawing.rect(left - 2, top - 2, Math.min(width, layout.width + 4), layout.height + 4);
  drawing.clip();
  drawing.strokeStyle = inks.value.accent;
  drawing.lineWidth = 2;
  if (chosenRow >= 0) drawing.strokeRect(left - 1, top + view.y + chosenRow * high - 1, layout.width + 1, Math.max(3, high + 1));
  if (chosenColumn >= 0) drawing.strokeRect(left + view.x + chosenColumn * wide - 1, top - 1, Math.max(3, wide + 1), layout.height + 1);
  drawing.restore();
}
