import { expect, test } from 'vitest';
import { pieces } from '../src/look/parts';

const part = (text: string, start: number, value: number) => ({ text, start, end: start + text.length, part: value });

test('pieces are the text again, and the greatest part is 1', () => {
  const text = 'you idiot, go 😀';
  const found = pieces(text, [part('idiot', 4, 0.5), part('go', 11, -0.25), part('you', 0, 0.1)]);
  expect(found.map((piece) => piece.text).join('')).toBe(text);
  expect(found.map((piece) => piece.share)).toEqual([0.2, 0, 1, 0, -0.5, 0]);
});

test('without parts the text is one piece', () => {
  expect(pieces('a b', [])).toEqual([{ text: 'a b', share: 0 }]);
});

test('of parts that overlap the first is taken', () => {
  expect(pieces('abcd', [part('bc', 1, 1), part('cd', 2, 1)]).map((piece) => piece.text)).toEqual(['a', 'bc', 'd']);
  expect(pieces('ab', [part('abc', 0, 1)])).toEqual([{ text: 'ab', share: 0 }]);
});
