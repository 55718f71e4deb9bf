import { expect, test } from 'vitest';
import { readPlace, rounded, START, writePlace, type Place } from '../src/state/place';

const full: Place = {
  screen: 'ablate', model: 'hf:org/name@main', text: 'Größe & „Maß“ # 100 % ?=+ 漢字', pair: 'שלום', stream: 'cross',
  layer: 3, head: 11, token: 0, other: 7, direction: 'in', special: true, words: true, mass: 95, measure: 'rollout',
  scale: 'row', masked: [3, 5], off: [{ stream: 'enc', layer: 0, head: 2 }, { stream: 'dec', layer: 1, head: 0 }],
  ablation: 'mean', step: 4, claim: 'masks', text2: 'other', model2: 'minilm', newTokens: 7, tiles: 'effect', word: 'bank', lines: 'river\ta bank\nthe bank', depth: 0, view: [2.5, -0.25, 0.125], map: [1.5, -1, 0],
};

test('a permalink restores every part of a place', () => {
  expect(readPlace(writePlace(full))).toEqual(full);
});

test('the test above leaves no part as it is at the start', () => {
  for (const part of Object.keys(START) as (keyof Place)[]) expect(full[part], part).not.toEqual(START[part]);
});

test('the start is a short address', () => {
  expect(writePlace(START)).toBe('#/explore');
  expect(readPlace('')).toEqual(START);
});

test('layer 0, head 0 and token 0 are said', () => {
  expect(writePlace({ ...START, layer: 0, head: 0, token: 0 })).toBe('#/explore?layer=0&head=0&token=0');
});

test('what cannot be read is as at the start', () => {
  expect(readPlace('#/nowhere?layer=-1&head=x&mass=400&stream=foo&measure=&masked=a,2,&off=enc.1,foo.1.2,dec.0.1&view=1,2&map=0.5,0,0&tiles=none&newTokens=0'))
    .toEqual({ ...START, masked: [2], off: [{ stream: 'dec', layer: 0, head: 1 }] });
});

test('a question mark in a text does not end it', () => {
  expect(readPlace('#/explore?text=who?&layer=2')).toMatchObject({ text: 'who?', layer: 2 });
});

test('where a picture was enlarged is told to a pixel', () => {
  const view = rounded([12.34567891, -3.21098765, 0]);
  expect(view).toEqual([12.3457, -3.21099, 0]);
  expect(readPlace(writePlace({ ...START, view })).view).toEqual(view);
});
