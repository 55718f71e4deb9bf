import { expect, test } from 'vitest';
import { csv } from '../src/look/csv';
import { textPicture, type Box, type Look } from '../src/look/flow';
import { count } from '../src/look/percent';

test('a table quotes words, and leaves out what is no number', () => {
  expect(csv(['word', 'share'], [['say "a", b', 0.25], ['c', null], ['d', NaN]])).toBe('"word","share"\r\n"say ""a"", b",0.25\r\n"c",\r\n"d",\r\n');
});

const box = (text: string, rest: Partial<Box> = {}): Box => ({ text, below: '', colour: null, said: text, chosen: false, piece: false, ...rest });
const look: Look = { title: 'What “<b>” looks at', ink: '#111', paper: '#fff', accent: '#00f', leftward: false, width: (text) => 10 * text.length };
const lefts = (svg: string) => Array.from(svg.matchAll(/<g>.*?<rect x="([\d.]+)" y="([\d.]+)"/g), ([, x, y]) => [Number(x), Number(y)]);

test('a text as a picture breaks its lines, and goes on with the pieces of a word', () => {
  const svg = textPicture([box('one'), box('##two', { piece: true }), box('x'.repeat(60)), box('end')], look);
  const places = lefts(svg);
  expect(places[1][0] - places[0][0]).toBe(40);
  expect(places[2]).toEqual([20, places[0][1] + 34]);
  expect(svg).toContain('aria-label="What “&#60;b&#62;” looks at"');
});

test('a text from right to left begins on the right', () => {
  const [first, second] = lefts(textPicture([box('אב'), box('ג')], { ...look, leftward: true }));
  expect(first[0] + 30).toBe(660);
  expect(second[0]).toBeLessThan(first[0]);
});

test('a word on a dark colour is written in white, the chosen one is framed', () => {
  const svg = textPicture([box('a', { colour: [10, 20, 60], below: '2', chosen: true })], look);
  expect(svg).toMatch(/fill="rgb\(10 20 60\)" stroke="#00f"/);
  expect(svg).toMatch(/fill="#fff" font-weight="600">a<tspan dy="3" font-size="11">2<\/tspan>/);
});

test('many are counted in millions', () => {
  expect([517, 22_713_216, 109_514_298, 1_500_000_000].map(count)).toEqual(['517', '22.7\u00a0million', '110\u00a0million', '1.5\u00a0billion']);
});
