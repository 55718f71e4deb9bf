import { expect, test } from 'vitest';
import type { Step } from '../src/data/types';
import { changes, samePlaces } from '../src/look/orders';
import { checked, softmax } from '../src/look/stepping';

const step: Step = {
  query: [1, 2], key: [3, -1], products: [3, -2], dot: 1, scale: 0.5, scaled: 0.5, bias: 0.25, visible: true, score: 0.75,
  row: { scores: [0.75, null, 0.75], max: 0.75, numerators: [1, 0, 1], denominator: 2, weights: [0.5, 0, 0.5] },
  values: [], valueKeys: [], context: [], x: [], output: [], width: 4, dHead: 2,
};

test('numbers that are right are found right', () => {
  expect(checked(step)).toEqual({ products: 0, dot: 0, score: 0, weights: 0 });
});

test('every number that is wrong is found wrong', () => {
  expect(checked({ ...step, products: [3, -1] }).products).toBe(1);
  expect(checked({ ...step, dot: 1.5 }).dot).toBe(0.5);
  expect(checked({ ...step, score: 0.5 }).score).toBe(0.25);
  expect(checked({ ...step, row: { ...step.row, weights: [0.5, 0.25, 0.25] } }).weights).toBe(0.25);
});

test('a hidden pair gets nothing, and a row that sees nothing is zeros', () => {
  expect(softmax([0, null, 0])).toEqual([0.5, 0, 0.5]);
  expect(softmax([null, null])).toEqual([0, 0]);
  expect(softmax([1000, 1000])).toEqual([0.5, 0.5]);
});

test('words are followed to their places, each occurrence to its own', () => {
  expect(samePlaces(['a', 'b', 'a', 'c'], ['a', 'a', 'b'])).toEqual([0, 2, 1, -1]);
});

test('attention that only moved with its words has not changed', () => {
  const a = [[0.1, 0.9], [0.4, 0.6]];
  const moved = [[0.6, 0.4], [0.9, 0.1]];
  expect(changes(a, moved, 1, [1, 0])).toEqual([0, 0]);
  expect(changes(a, a, 1, [1, 0])).toEqual([0.5, 0.5].map((value) => expect.closeTo(value)));
});

test('the greatest change of any head counts, and words that are gone have none', () => {
  const a = [[1, 0, 0.5, 0.5], [0, 1, 0.5, 0.5]];
  const b = [[1, 0, 0.25, 0.75], [0, 1, 0.5, 0.5]];
  expect(changes(a, b, 2, [0, 1])).toEqual([0.25, 0]);
  expect(changes(a, b, 2, [0, -1])).toEqual([0.25, NaN]);
});
