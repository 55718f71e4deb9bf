import { expect, test } from 'vitest';
import { halves } from '../src/data/half';

const one = (bits: number) => halves(new Uint8Array([bits & 0xff, bits >> 8]).buffer)[0];

test('a half is read from its bits, low byte first', () => {
  expect(one(0x3c00)).toBe(1);
  expect(one(0xc000)).toBe(-2);
  expect(one(0x3555)).toBeCloseTo(1 / 3, 3);
  expect(one(0x7bff)).toBe(65504);
});

test('the smallest halves, zeros and what is no number are exact', () => {
  expect(one(0x0001)).toBe(2 ** -24);
  expect(one(0x03ff)).toBe(1023 * 2 ** -24);
  expect(one(0x0400)).toBe(2 ** -14);
  expect(Object.is(one(0x8000), -0)).toBe(true);
  expect(one(0x7c00)).toBe(Infinity);
  expect(one(0x7e00)).toBeNaN();
});

test('an odd byte at the end is no value', () => {
  expect(halves(new ArrayBuffer(5))).toHaveLength(2);
});
