import { expect, test } from 'vitest';
import type { HeadFacts, Token } from '../src/data/types';
import { thumbSide } from '../src/look/layout';
import { telling } from '../src/look/telling';
import { effectSaid, MEASURES, sizeOf } from '../src/look/tiles';

const token = (text: string, special = false): Token => ({ text, piece: text, id: 0, special, word: special ? -1 : 0, start: 0, end: 0 });
const tokens = [token('[CLS]', true), token('the'), token('river'), token('bank'), token('closed')];

const texts = { queries: tokens, keys: tokens, self: true, causal: false };
/** Heads of [queries, keys] each, in hundredths. */
const heads = (...all: number[][][]) => ({ shape: [1, all.length, all[0].length, all[0][0].length],
  values: Uint8Array.from(all.flat(2), (share) => Math.round(2.55 * share)) });
const even = (row: number[]) => tokens.map(() => row);

test('a head tells something of a word when the word does what others do not', () => {
  const before = [[100, 0, 0, 0, 0], [100, 0, 0, 0, 0], [0, 100, 0, 0, 0], [0, 0, 100, 0, 0], [0, 0, 0, 100, 0]];
  const picking = even([100, 0, 0, 0, 0]).map((row, i) => (i === 3 ? [20, 0, 80, 0, 0] : row));
  const found = telling(heads(before, even([0, 0, 90, 10, 0]), picking), texts, 3, true);
  expect(found.map(({ head }) => head)[0]).toBe(2);
  expect(found[0]).toMatchObject({ layer: 0, other: 2, share: expect.closeTo(0.8), surplus: expect.closeTo(0.8) });
  expect(found[1].surplus).toBeLessThan(0.01);
});

test('in the other direction, the words that look at the chosen one are told', () => {
  const picking = even([100, 0, 0, 0, 0]).map((row, i) => (i === 4 ? [40, 60, 0, 0, 0] : row));
  expect(telling(heads(picking), texts, 1, false)[0]).toMatchObject({ other: 4, share: expect.closeTo(0.6) });
});

test('a word that does as all others do leads nowhere', () => {
  expect(telling(heads(even([20, 20, 20, 20, 20])), texts, 3, true)[0]).toMatchObject({ other: -1, surplus: 0 });
});

test('words that cannot see a word have no habit of not looking at it', () => {
  const rows = [[100, 0, 0, 0, 0], [50, 50, 0, 0, 0], [0, 0, 100, 0, 0], [0, 0, 50, 50, 0], [0, 0, 75, 0, 25]];
  expect(telling(heads(rows), { ...texts, causal: true }, 4, true)[0].surplus).toBe(0);
  expect(telling(heads(rows), texts, 4, true)[0].surplus).toBeGreaterThan(0.1);
});

test('measures say their numbers', () => {
  const facts: HeadFacts = { layer: 0, head: 0, special: 0.25, itself: 0, previous: 0, next: 0, others: 0, linking: 0.5, entropy: 2, distance: 3.5 };
  expect(Object.values(MEASURES).map((measure) => measure.said(measure.of(facts)))).toEqual([
    '50\u00a0% links words', '25\u00a0% on special tokens', '2.0 bits, about 4 tokens', '3.5 tokens away']);
});

test('without predictions a head matters by how far it turns the vector of the text', () => {
  expect(sizeOf({ kl: null, cosine: 0.75 })).toBe(0.25);
  expect(sizeOf({ kl: 0.5, cosine: 0.75 })).toBe(0.5);
  expect(effectSaid({ kl: 0.5, cosine: 1 })).toBe('moves predictions by 0.500 nats');
  expect(effectSaid({ kl: null, cosine: 0.75 })).toBe('turns the text’s vector by 0.250 (1 − cosine)');
});

test('thumbnails come first and are small, however many heads there are', () => {
  expect(thumbSide(144)).toBe(64);
  for (const heads of [1, 72, 144, 145, 384, 1024, 10_000]) {
    expect(thumbSide(heads)).toBeLessThanOrEqual(64);
    expect(heads * thumbSide(heads) ** 2).toBeLessThanOrEqual(600_000);
  }
});
