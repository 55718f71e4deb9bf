import type { HeadEffect, HeadFacts } from '../data/types';
import type { Tiles } from '../state/place';
import { figure, percent } from './percent';

/** What a tile of the head map may show instead of its picture: one number per head. */
export interface Measure {
  name: string;
  how: string;
  of: (facts: HeadFacts) => number;
  said: (value: number) => string;
}

export const MEASURES: Record<Exclude<Tiles, 'pictures' | 'effect'>, Measure> = {
  linking: {
    name: 'links between words',
    how: 'The deeper a tile, the more of the head’s attention picks out other words further away.',
    of: ({ linking }) => linking, said: (value) => `${percent(value)} links words`,
  },
  special: {
    name: 'special tokens',
    how: 'The deeper a tile, the more of the head’s attention goes to special tokens: often a way of looking at nothing.',
    of: ({ special }) => special, said: (value) => `${percent(value)} on special tokens`,
  },
  entropy: {
    name: 'spread (entropy)',
    how: 'The deeper a tile, the more evenly the head spreads its attention; a pale one looks at one token at a time.',
    of: ({ entropy }) => entropy, said: (value) => `${value.toFixed(1)} bits, about ${Math.max(1, Math.round(2 ** value))} tokens`,
  },
  distance: {
    name: 'distance',
    how: 'The deeper a tile, the further away the head looks.',
    of: ({ distance }) => distance, said: (value) => `${value.toFixed(1)} tokens away`,
  },
};

/** How much a head matters: how far predictions move, or where nothing is predicted, how far the text’s vector turns. */
export const sizeOf = ({ kl, cosine }: Pick<HeadEffect, 'kl' | 'cosine'>): number => kl ?? Math.max(0, 1 - cosine);

export const effectSaid = ({ kl, cosine }: Pick<HeadEffect, 'kl' | 'cosine'>): string =>
  (kl === null ? `turns the text’s vector by ${figure(Math.max(0, 1 - cosine))} (1 − cosine)` : `moves predictions by ${figure(kl)} nats`);
