import type { Ablation, HeadAt, Stream } from '../data/types';

/** Everything that decides what the page shows. It lives in the address behind `#`, which no server ever sees. */
export interface Place {
  screen: Screen;
  model: string;
  text: string;
  /** A second segment for encoders, the target for encoder–decoders. */
  pair: string;
  stream: Stream | null;
  layer: number | null;
  head: number | null;
  token: number | null;
  /** The other token of a pair, on Step by step. */
  other: number | null;
  direction: 'out' | 'in';
  /** Whether special tokens are shown. */
  special: boolean;
  /** Whether the pieces of a word are shown as one. */
  words: boolean;
  /** Links keep the smallest set of keys with this share of a row, in percent. */
  mass: number;
  measure: 'weight' | 'value' | 'rollout';
  scale: 'strongest' | 'whole' | 'row';
  masked: number[];
  off: HeadAt[];
  ablation: Ablation;
  /** How far: the step of Step by step, the number of written tokens of Generate. */
  step: number;
  /** The other text and model of Compare. */
  text2: string;
  model2: string;
  /** The claim whose lesson is read. */
  claim: string;
  /** How many tokens are written at most; null for as many as usual. */
  newTokens: number | null;
  /** What the tiles of the head map show. */
  tiles: Tiles;
  /** The word of Senses, its sentences (none for Heed's own), and after which layer; null for the last. */
  word: string;
  lines: string;
  depth: number | null;
  /** Where the matrix stands, and where the head map: how far enlarged, and how far moved in shares of its sides. */
  view: Enlarged | null;
  map: Enlarged | null;
}

export const TILES = ['pictures', 'linking', 'special', 'entropy', 'distance', 'effect'] as const;
export type Tiles = (typeof TILES)[number];
export type Enlarged = [number, number, number];

export const SCREENS = ['explore', 'steps', 'compare', 'ablate', 'order', 'senses', 'heads', 'generate', 'rnn', 'claims', 'models', 'reviews'] as const;
export type Screen = (typeof SCREENS)[number];

export const START: Place = {
  screen: 'explore', model: '', text: '', pair: '', stream: null, layer: null, head: null, token: null, other: null,
  direction: 'out', special: false, words: false, mass: 70, measure: 'weight', scale: 'strongest', masked: [], off: [],
  ablation: 'zero', step: 0, text2: '', model2: '', claim: '', newTokens: null, tiles: 'pictures', word: '', lines: '', depth: null, view: null, map: null,
};

const MOST_TOKENS = 1 << 20;
/** As the server allows. */
export const MOST_NEW_TOKENS = 512;

const oneOf = <T extends string>(all: readonly T[], otherwise: T) => (said: string): T =>
  (all as readonly string[]).includes(said) ? (said as T) : otherwise;

const whole = (least: number, most: number) => (said: string): number | undefined => {
  const value = /^\d{1,9}$/.test(said) ? Number(said) : NaN;
  return value >= least && value <= most ? value : undefined;
};

const count = whole(0, MOST_TOKENS);
const index = { read: (said: string) => count(said) ?? null, write: String };
const words = { read: (said: string) => said, write: (value: string) => value };
const number = (least: number, most: number, otherwise: number) => ({
  read: (said: string) => whole(least, most)(said) ?? otherwise, write: String,
});
const choice = <T extends string>(all: readonly T[], otherwise: T) => ({ read: oneOf(all, otherwise), write: String });
const yes = { read: (said: string) => said === 'yes', write: () => 'yes' };

const streams = ['enc', 'dec', 'cross'] as const;

function readHead(said: string): HeadAt[] {
  const [stream, layer, head] = said.split('.');
  const at = { stream: stream as Stream, layer: count(layer ?? ''), head: count(head ?? '') };
  return streams.includes(at.stream) && at.layer !== undefined && at.head !== undefined ? [at as HeadAt] : [];
}

const MOST_ENLARGED = 1e5;

function readEnlarged(said: string): Enlarged | null {
  const parts = said.split(',').map(Number);
  return parts.length === 3 && parts.every((part) => Math.abs(part) <= MOST_ENLARGED) && parts[0] >= 1
    ? [parts[0], parts[1], parts[2]] : null;
}

/** Few enough digits for an address, enough for the same picture to a pixel. */
export const rounded = ([k, x, y]: Enlarged): Enlarged => [+k.toFixed(4), +x.toFixed(5), +y.toFixed(5)];

const enlarged = { read: readEnlarged, write: (value: Enlarged) => rounded(value).join(',') };

/** One line per part of a place: how it is read and written. What is as at the start is left out. */
const PARTS: { [K in Exclude<keyof Place, 'screen'>]: {
  read: (said: string) => Place[K]; write: (value: never) => string;
} } = {
  model: words,
  text: words,
  pair: words,
  stream: { read: (said) => (streams as readonly string[]).includes(said) ? said as Stream : null, write: String },
  layer: index,
  head: index,
  token: index,
  other: index,
  direction: choice(['out', 'in'] as const, 'out'),
  special: yes,
  words: yes,
  mass: number(10, 100, START.mass),
  measure: choice(['weight', 'value', 'rollout'] as const, 'weight'),
  scale: choice(['strongest', 'whole', 'row'] as const, 'strongest'),
  masked: {
    read: (said) => said.split(',').map(count).filter((value) => value !== undefined),
    write: (value: number[]) => value.join(','),
  },
  off: {
    read: (said) => said.split(',').flatMap(readHead),
    write: (value: HeadAt[]) => value.map(({ stream, layer, head }) => `${stream}.${layer}.${head}`).join(','),
  },
  ablation: choice(['zero', 'mean'] as const, 'zero'),
  step: number(0, MOST_TOKENS, 0),
  text2: words,
  model2: words,
  claim: words,
  newTokens: { read: (said) => whole(1, MOST_NEW_TOKENS)(said) ?? null, write: String },
  tiles: choice(TILES, 'pictures'),
  word: words,
  lines: words,
  depth: index,
  view: enlarged,
  map: enlarged,
};

type Part = keyof typeof PARTS;

/** Never fails: what cannot be read is as at the start. */
export function readPlace(fragment: string): Place {
  const [screen, ...rest] = fragment.replace(/^#\/?/, '').split('?');
  const said = new URLSearchParams(rest.join('?'));
  const place: Place = { ...START, screen: oneOf(SCREENS, 'explore')(screen) };
  for (const part of Object.keys(PARTS) as Part[]) {
    const value = said.get(part);
    if (value !== null) Object.assign(place, { [part]: PARTS[part].read(value) });
  }
  return place;
}

export function writePlace(place: Place): string {
  const said = new URLSearchParams();
  for (const part of Object.keys(PARTS) as Part[]) {
    const text = place[part] === null ? '' : PARTS[part].write(place[part] as never);
    const start = START[part] === null ? '' : PARTS[part].write(START[part] as never);
    if (place[part] !== START[part] && text !== '' && (text !== start || typeof place[part] === 'boolean')) {
      said.set(part, text);
    }
  }
  const rest = said.toString();
  return `#/${place.screen}${rest ? `?${rest}` : ''}`;
}
