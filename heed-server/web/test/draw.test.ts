import { expect, test } from 'vitest';
import { block } from '../src/data/block';
import { Kept } from '../src/data/kept';
import { around, cellAt, fitGrid, levelFor, under, visible } from '../src/look/layout';
import { difference, inkOn, of, pixels, ramp } from '../src/look/ramp';

const luminance = ([red, green, blue]: number[]) => {
  const line = (value: number) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * line(red) + 0.7152 * line(green) + 0.0722 * line(blue);
};
const themes = [{ dark: false }, { dark: true }];

test('more weight is always darker on light paper and lighter on dark', () => {
  for (const theme of themes) {
    const steps = ramp(theme).map(luminance);
    for (let i = 8; i < 256; i += 8) expect(Math.sign(steps[i] - steps[i - 8])).toBe(theme.dark ? 1 : -1);
  }
});

test('a difference and its opposite are equally strong, its middle is the paper', () => {
  for (const theme of themes) {
    const both = difference(theme);
    const paper = ramp(theme)[0];
    expect(Math.abs(luminance(both[0]) - luminance(both[255]))).toBeLessThan(0.05);
    both[128].forEach((channel, i) => expect(Math.abs(channel - paper[i])).toBeLessThan(6));
  }
});

test('text on every colour has a contrast of at least 4.5 to 1', () => {
  for (const theme of themes) {
    for (const colour of ramp(theme)) {
      const ink = inkOn(colour) === '#000' ? 0 : 1;
      const [high, low] = [luminance(colour), ink].sort((a, b) => b - a);
      expect((high + 0.05) / (low + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test('forced colours go from the paper to the ink', () => {
  const steps = ramp({ dark: true, forced: { paper: [0, 0, 0], ink: [255, 255, 0] } });
  expect([steps[0], steps[255]]).toEqual([[0, 0, 0], [255, 255, 0]]);
  expect(of(steps, 7)).toEqual(steps[255]);
  expect(of(steps, NaN)).toEqual(steps[0]);
  expect(pixels(steps)[255].toString(16)).toBe('ff00ffff');
});

test('the head under a point is found, also at the edges', () => {
  const grid = fitGrid(324, 6, 12, 24, 16, 4, 64);
  expect(grid.cell).toBe(25);
  expect(cellAt(grid, 24, 16)).toEqual({ row: 0, column: 0 });
  expect(cellAt(grid, 323.9, 16 + 6 * 25 - 0.1)).toEqual({ row: 5, column: 11 });
  expect(cellAt(grid, 23, 20)).toBeNull();
  expect(cellAt(grid, 30, 16 + 6 * 25)).toBeNull();
});

test('the pair under a point is found after zooming and moving', () => {
  const matrix = { width: 300, height: 200, rows: 10, columns: 30 };
  expect(under(matrix, { k: 1, x: 0, y: 0 }, 299, 199)).toEqual({ row: 9, column: 29 });
  expect(under(matrix, { k: 4, x: -400, y: -100 }, 0, 0)).toEqual({ row: 1, column: 10 });
  expect(under(matrix, { k: 1, x: 5, y: 0 }, 4, 0)).toBeNull();
});

test('only cells that can be seen are drawn', () => {
  expect(visible(512, 512, { k: 1, at: 0 }, 512)).toEqual([0, 512]);
  expect(visible(512, 512, { k: 8, at: -800 }, 400)).toEqual([100, 150]);
});

test('tiles are as fine as the screen can show, and no coarser than one tile', () => {
  expect(levelFor(4, 8192)).toBe(0);
  expect(levelFor(1, 8192)).toBe(0);
  expect(levelFor(0.25, 8192)).toBe(2);
  expect(levelFor(0.001, 8192)).toBe(5);
  expect(levelFor(0.001, 200)).toBe(0);
});

test('a part of a long text lies around the chosen word', () => {
  expect(around(30, 80, 3)).toEqual([0, 30]);
  expect(around(300, 80, 3)).toEqual([0, 80]);
  expect(around(300, 80, 150)).toEqual([110, 190]);
  expect(around(300, 80, 299)).toEqual([220, 300]);
});

test('numbers that do not fit their shape are refused', () => {
  expect(block(new Uint8Array([1, 2, 3, 4, 5, 6]).buffer, '2,3', 'u8').shape).toEqual([2, 3]);
  expect(Array.from(block(new Float32Array([0.5, NaN]).buffer, '2', 'f32').values)).toEqual([0.5, NaN]);
  expect(() => block(new ArrayBuffer(4), '3', 'f16')).toThrow('2 numbers, its shape 3');
  expect(() => block(new ArrayBuffer(4), null, 'f16')).toThrow('shape is missing');
  expect(() => block(new ArrayBuffer(4), '1', 'f64')).toThrow('f64');
});

test('what was used longest ago leaves first', () => {
  const kept = new Kept<number>(2);
  kept.set('a', 1);
  kept.set('b', 2);
  kept.get('a');
  kept.set('c', 3);
  expect([kept.get('a'), kept.get('b'), kept.get('c')]).toEqual([1, undefined, 3]);
});
