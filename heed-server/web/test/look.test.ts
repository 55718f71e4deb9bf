import { expect, test } from 'vitest';
import type { Token } from '../src/data/types';
import { buckets, links, smallestSet } from '../src/look/mass';
import { bytes, figure, percent } from '../src/look/percent';
import { directionOf, groupOf, groups, label, looked, plain } from '../src/look/words';

const token = (text: string, word: number, piece = text): Token =>
  ({ text, piece, id: 0, special: word < 0, word, start: 0, end: 0 });
const tokens = [token('[CLS]', -1), token('un', 0), token('##like', 0), token('##ly', 0), token('so', 1), token('[SEP]', -1)];

test('the smallest set with 90 % of a row is its greatest weights', () => {
  expect(smallestSet([0.1, 0.5, 0, 0.4], 0.9)).toEqual([1, 3]);
  expect(smallestSet([0.1, 0.5, 0, 0.4], 0.91)).toEqual([1, 3, 0]);
});

test('all of a mass leaves out what has no weight', () => {
  expect(smallestSet([0.1, 0.5, 0, 0.4], 1)).toEqual([1, 3, 0]);
  expect(smallestSet([0, 0], 1)).toEqual([]);
});

test('rounded weights that sum to less than 1 still make a whole', () => {
  const thirds = new Float32Array([1 / 3, 1 / 3, 0.3332]);
  expect(smallestSet(thirds, 1)).toHaveLength(3);
});

test('of equal weights the earlier comes first', () => {
  expect(smallestSet([0.25, 0.25, 0.25, 0.25], 0.5)).toEqual([0, 1]);
});

test('links are cut at the limit, the strongest stay', () => {
  const weights = new Float32Array([0.5, 0.25, 0.25, 0.9, 0.1, 0]);
  expect(links(weights, 2, 3, 1, 2)).toEqual([
    { from: 1, to: 0, weight: expect.closeTo(0.9) }, { from: 0, to: 0, weight: 0.5 }]);
  expect(links(weights, 2, 3, 1, 99)).toHaveLength(5);
});

test('a link lies in the bucket of its weight, the strongest in the last', () => {
  const all = [0.001, 0.5, 1].map((weight) => ({ from: 0, to: 0, weight }));
  const filled = buckets(all, 1, 8).map((bucket) => bucket.length);
  expect(filled).toEqual([1, 0, 0, 1, 0, 0, 0, 1]);
});

test('pieces of a word are one group, special tokens their own', () => {
  expect(groups(tokens, true).map((group) => [group.text, group.tokens])).toEqual([
    ['[CLS]', [0]], ['unlikely', [1, 2, 3]], ['so', [4]], ['[SEP]', [5]]]);
  expect(groups(tokens, false).map((group) => group.piece)).toEqual([false, false, true, true, false, false]);
  expect(groupOf(groups(tokens, true), 3)).toBe(1);
});

test('two special tokens beside each other are not one word', () => {
  expect(groups([token('[SEP]', -1), token('[PAD]', -1)], true)).toHaveLength(2);
});

test('marks of tokenizers are no part of a word', () => {
  expect(['##ly', 'Ġthe', '▁the', '##', 'the</w>'].map((piece) => plain(token(piece, 0)))).toEqual(
    ['ly', 'the', 'the', '##', 'the']);
});

test('a word gives the mean and gets the sum of its pieces', () => {
  const three = [token('a', 0), token('##b', 0), token('c', 1)];
  const shown = looked([0.2, 0.3, 0.5, 0.6, 0.4, 0, 0.1, 0.1, 0.8], 3, groups(three, true), groups(three, true), () => true);
  expect(Array.from(shown.weights)).toEqual([0.75, 0.25, 0.2, 0.8].map((weight) => expect.closeTo(weight, 6)));
  expect(shown.hiddenShare).toBe(0);
});

test('what goes to hidden tokens is told, so that rows still add up', () => {
  const shown = looked([0.5, 0.25, 0.25, 1, 0, 0, 0.125, 0.125, 0.75], 3,
    groups([token('[CLS]', -1), token('a', 0), token('b', 1)], false),
    groups([token('[CLS]', -1), token('a', 0), token('b', 1)], false), (group) => !group.special);
  expect(Array.from(shown.hidden)).toEqual([1, 0.125]);
  expect(Array.from(shown.weights)).toEqual([0, 0, 0.125, 0.75]);
  expect(shown.hiddenShare).toBe(0.5625);
  expect(shown.most).toBe(0.75);
});

test('a label is a word and its occurrence', () => {
  expect(label('bank₁₂')).toEqual(['bank', '12']);
  expect(label('H₂O')).toEqual(['H₂O', '']);
  expect(label('₂')).toEqual(['₂', '']);
});

test('numbers are written as they are meant', () => {
  expect([0, 0.001, 0.5, 1].map(percent)).toEqual(['0\u00a0%', '<1\u00a0%', '50\u00a0%', '100\u00a0%']);
  expect([0, 0.12345, 12.345, 1e-5, NaN].map((value) => figure(value))).toEqual(['0', '0.123', '12.35', '1.00e-5', '–']);
  expect([17, 90_868_376].map(bytes)).toEqual(['17\u00a0bytes', '91\u00a0MB']);
});

test('words follow each other as the first letter of the text says', () => {
  const of = (...texts: string[]) => directionOf([token('[CLS]', -1), ...texts.map((text, i) => token(text, i))]);
  expect(of('“', 'שלום', 'hello')).toBe('rtl');
  expect(of('12', 'مرحبا')).toBe('rtl');
  expect(of('hello', 'שלום')).toBe('ltr');
  expect(of('漢', '字')).toBe('ltr');
  expect(of('!')).toBe('ltr');
});
