import { expect, test } from 'vitest';
import { placed, sentences } from '../src/look/sentences';

test('a line is a sentence, with or without a label', () => {
  expect(sentences('river\tthe bank\n\nthe other bank \n\t a third\nlabel\t\n')).toEqual([
    { label: 'river', text: 'the bank' }, { label: '', text: 'the other bank' }, { label: '', text: 'a third' },
  ]);
});

test('the farthest point touches the edge, and steps are equal in both directions', () => {
  expect(placed([[2, 0], [-1, 0.5], [0, -0.5]], 400, 200)).toEqual([[400, 100], [100, 50], [200, 150]]);
  expect(placed([[0, 0]], 400, 200)).toEqual([[200, 100]]);
});
