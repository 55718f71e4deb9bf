import { computed } from '@preact/signals';
import { api } from '../data/api';
import type { Block } from '../data/block';
import type { HeadAt, Run, Stream, StreamInfo, Token } from '../data/types';
import { thumbSide } from '../look/layout';
import { telling, type Telling, type Texts } from '../look/telling';
import { groupOf, groups, looked, type Group, type Look } from '../look/words';
import { place } from './address';
import { resource } from './resource';
import { run } from './running';

/** The chosen head of the shown run, as the views draw it. */

/** Beyond this many pairs a head comes in tiles. */
const MOST_PAIRS = 1024 * 1024;

export const streams = computed<Stream[]>(() => run.value
  ? (['enc', 'dec', 'cross'] as const).filter((stream) => run.value!.streams[stream]) : []);

/** What the address asks for as far as the run has it; else the head to look at first. */
export const at = computed<HeadAt | null>(() => {
  const shown = run.value;
  if (!shown) return null;
  const { stream: wanted, layer, head } = place.value;
  const stream = wanted && shown.streams[wanted] ? wanted : shown.best.stream;
  const info = shown.streams[stream]!;
  const best = stream === shown.best.stream ? shown.best : mostLinking(stream);
  return {
    stream,
    layer: layer !== null && layer < info.layers ? layer : best.layer,
    head: head !== null && head < info.heads ? head : best.head,
  };
});

function mostLinking(stream: Stream): { layer: number; head: number } {
  const all = run.value!.heads[stream] ?? [];
  return all.reduce((best, each) => (each.linking > best.linking ? each : best), all[0] ?? { layer: 0, head: 0, linking: 0 });
}

export const info = computed<StreamInfo | null>(() => (at.value ? run.value!.streams[at.value.stream]! : null));
const tokensOf = (side: 'queries' | 'keys') => computed<Token[]>(() =>
  (info.value ? run.value!.tokens[info.value[side]] : undefined) ?? []);
export const queryTokens = tokensOf('queries');
export const keyTokens = tokensOf('keys');
export const crossing = computed(() => info.value !== null && info.value.queries !== info.value.keys);
export const long = computed(() => queryTokens.value.length * keyTokens.value.length > MOST_PAIRS);
export const measured = computed(() => (place.value.measure === 'value' ? 'value' as const : 'weight' as const));

/** Rollout joins all layers and heads; it is defined where a token looks at its own text. */
export const rolled = computed(() => place.value.measure === 'rollout' && !crossing.value && !long.value);

export const thumbs = resource<Block>(
  () => (run.value && at.value ? `${run.value.run}/${at.value.stream}` : null),
  (called) => api.thumbs(run.value!.run, at.value!.stream, thumbSide(info.value!.layers * info.value!.heads), called),
);

export const matrix = resource<Block>(
  () => {
    if (!run.value || !at.value || long.value) return null;
    const { stream, layer, head } = at.value;
    return rolled.value ? `${run.value.run}/${stream}/rollout` : `${run.value.run}/${stream}/${layer}/${head}/${measured.value}`;
  },
  (called) => {
    const { stream, layer, head } = at.value!;
    return rolled.value ? api.rollout(run.value!.run, stream, called)
      : api.head(run.value!.run, stream, layer, head, measured.value, called);
  },
  16,
);

export const rowGroups = computed(() => groups(queryTokens.value, place.value.words && !long.value));
export const columnGroups = computed(() => groups(keyTokens.value, place.value.words && !long.value));
const allSpecial = computed(() => [...rowGroups.value, ...columnGroups.value].every((group) => group.special));
export const showsSpecial = computed(() => place.value.special || allSpecial.value);
export const keeps = computed(() => {
  const all = showsSpecial.value;
  return (group: Group) => all || !group.special;
});

export const look = computed<Look | null>(() => {
  const known = matrix.value.value;
  const keys = keyTokens.value.length;
  if (!known || known.shape[0] !== queryTokens.value.length || known.shape[1] !== keys) return null;
  return looked(known.values, keys, rowGroups.value, columnGroups.value, keeps.value);
});

/** The strongest link between two words that are not neighbours. */
function tellingRow(shown: Look): number {
  let best = 0;
  let row = 0;
  shown.rows.forEach((from, i) => shown.columns.forEach((to, j) => {
    const weight = shown.weights[i * shown.columns.length + j];
    const apart = crossing.value || Math.abs(from.tokens[0] - to.tokens[0]) > 1;
    if (weight > best && apart && !from.special && !to.special) { best = weight; row = i; }
  }));
  return row;
}

export const choosers = computed(() => (place.value.direction === 'out' ? rowGroups : columnGroups).value);
export const others = computed(() => (place.value.direction === 'out' ? columnGroups : rowGroups).value);

/** The chosen token: as the address says, else one that shows something. */
export const token = computed<number>(() => {
  const wanted = place.value.token;
  const shown = choosers.value.filter(keeps.value);
  if (wanted !== null && groupOf(shown, wanted) >= 0) return wanted;
  if (wanted === null && look.value && place.value.direction === 'out') return look.value.rows[tellingRow(look.value)]?.tokens[0] ?? 0;
  return shown[0]?.tokens[0] ?? 0;
});

const longRow = resource<Block>(
  () => (run.value && at.value && long.value
    ? `${run.value.run}/${at.value.stream}/${at.value.layer}/${at.value.head}/${token.value}/${place.value.direction}/${measured.value}` : null),
  (called) => api.rowOf(run.value!.run, at.value!, token.value, place.value.direction, measured.value, called),
);

/** The texts of a stream, as heads are judged by them. */
export const textsOf = (shown: Run, stream: Stream): Texts => {
  const { queries, keys, causal } = shown.streams[stream]!;
  return { queries: shown.tokens[queries] ?? [], keys: shown.tokens[keys] ?? [], self: queries === keys, causal };
};

/** Heads that tell something of the chosen word; of a text whose thumbnails have less than a cell for each pair, nothing. */
export const tellingHeads = computed<Telling[] | null>(() => {
  const known = thumbs.value.value;
  if (!known || !at.value || place.value.screen !== 'explore' || place.value.tiles !== 'pictures') return null;
  const texts = textsOf(run.value!, at.value.stream);
  return isWhole(known, texts) ? telling(known, texts, token.value, place.value.direction === 'out') : null;
});

export const isWhole = (known: Block, { queries, keys }: Texts): boolean => known.shape[2] === queries.length && known.shape[3] === keys.length;

/** What a token gives to, or gets from, each group of the other side that is shown. */
export interface Shares {
  groups: Group[];
  shares: Float32Array;
  /** What goes to groups that are not shown; only for what a token gives. */
  hidden: number;
}

export function sharesOf(chosen: number): Shares | null {
  if (long.value) return longShares(chosen);
  const shown = look.value;
  if (!shown) return null;
  const columns = shown.columns.length;
  if (place.value.direction === 'out') {
    const row = groupOf(shown.rows, chosen);
    return row < 0 ? null : { groups: shown.columns, hidden: shown.hidden[row],
      shares: shown.weights.subarray(row * columns, (row + 1) * columns) };
  }
  const column = groupOf(shown.columns, chosen);
  return column < 0 ? null : { groups: shown.rows, hidden: 0,
    shares: Float32Array.from(shown.rows, (_, row) => shown.weights[row * columns + column]) };
}

function longShares(chosen: number): Shares | null {
  const known = longRow.value.value;
  if (!known || !at.value || chosen !== token.value || known.shape[2] !== others.value.length) return null;
  const all = Float32Array.from(known.values);
  const shown = others.value.filter(keeps.value);
  const shares = Float32Array.from(shown, (group) => all[group.tokens[0]]);
  const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
  return { groups: shown, shares, hidden: place.value.direction === 'out' ? Math.max(0, sum(all) - sum(shares)) : 0 };
}

export const shares = computed(() => sharesOf(token.value));
