import { pixels, type Ramp } from '../look/ramp';

/**
 * One pixel per weight.
 *
 * @param share of a weight in its ramp, from 0 to 1; NaN is left clear
 */
export function picture(rows: number, columns: number, ramp: Ramp, share: (row: number, column: number) => number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, columns);
  canvas.height = Math.max(1, rows);
  const drawing = canvas.getContext('2d')!;
  const image = drawing.createImageData(canvas.width, canvas.height);
  const words = new Uint32Array(image.data.buffer);
  const colours = pixels(ramp);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const value = share(row, column);
      if (value === value) words[at] = colours[Math.round(255 * Math.min(1, Math.max(0, value)))];
    }
  }
  drawing.putImageData(image, 0, 0);
  return canvas;
}
