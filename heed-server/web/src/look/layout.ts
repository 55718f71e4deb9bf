/** Where things lie on a canvas, and what lies under a point. Lengths are CSS pixels. */

export interface Grid {
  left: number;
  top: number;
  /** Side of a cell, the gap included. */
  cell: number;
  gap: number;
  rows: number;
  columns: number;
}

/** Square cells that fill the width, no wider than `widest`. */
export function fitGrid(width: number, rows: number, columns: number, left: number, top: number, gap: number,
    widest: number): Grid {
  const cell = Math.min(widest, (width - left) / Math.max(1, columns));
  return { left, top, cell, gap, rows, columns };
}

export function cellAt(grid: Grid, x: number, y: number): { row: number; column: number } | null {
  const column = Math.floor((x - grid.left) / grid.cell);
  const row = Math.floor((y - grid.top) / grid.cell);
  return row >= 0 && row < grid.rows && column >= 0 && column < grid.columns ? { row, column } : null;
}

/** A picture that was enlarged by `k` and then moved. */
export interface View {
  k: number;
  x: number;
  y: number;
}

/** Cells of a matrix that is drawn as large as `width` × `height` before it is enlarged. */
export interface Matrix {
  width: number;
  height: number;
  rows: number;
  columns: number;
}

export function under(matrix: Matrix, view: View, x: number, y: number): { row: number; column: number } | null {
  const column = Math.floor(((x - view.x) / view.k / matrix.width) * matrix.columns);
  const row = Math.floor(((y - view.y) / view.k / matrix.height) * matrix.rows);
  return row >= 0 && row < matrix.rows && column >= 0 && column < matrix.columns ? { row, column } : null;
}

/** The first and the one after the last of `count` cells that can be seen in `length` pixels. */
export function visible(count: number, side: number, view: { k: number; at: number }, length: number): [number, number] {
  const cell = (side / count) * view.k;
  return [Math.max(0, Math.floor(-view.at / cell)), Math.min(count, Math.ceil((length - view.at) / cell))];
}

/** The level of tiles whose cells are at least a pixel of the screen: 2^level tokens to a cell. */
export function levelFor(cellPixels: number, rows: number): number {
  const deepest = Math.max(0, Math.ceil(Math.log2(rows / 256)));
  return Math.min(deepest, Math.max(0, Math.floor(Math.log2(1 / Math.max(cellPixels, 1e-9)))));
}

/** The side of thumbnails of so many heads, a byte for each cell, that are together small enough to come first. */
export function thumbSide(heads: number): number {
  return Math.max(1, Math.min(64, Math.floor(Math.sqrt(MOST_THUMB_BYTES / Math.max(1, heads)))));
}

/** 144 heads of 64 × 64. */
const MOST_THUMB_BYTES = 589_824;

/** As many of `count` as `most` allows, around one of them. */
export function around(count: number, most: number, at: number): [number, number] {
  if (count <= most) return [0, count];
  const from = Math.min(Math.max(0, at - (most >> 1)), count - most);
  return [from, from + most];
}
