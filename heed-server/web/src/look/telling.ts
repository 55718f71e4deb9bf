import type { Block } from '../data/block';
import type { Token } from '../data/types';

/** A head in which a word does something of its own. */
export interface Telling {
  layer: number;
  head: number;
  /** The other word, and what goes from the one to the other. */
  other: number;
  share: number;
  /** How much more that is than the head's habits explain. */
  surplus: number;
}

export interface Texts {
  queries: Token[];
  keys: Token[];
  /** Whether both are the same text, so that a word has neighbours. */
  self: boolean;
  causal: boolean;
}

/**
 * Heads in which a word picks out another, the most telling first. Many heads look at one word from everywhere, or
 * always at the word before: what a head does for other words, too, says nothing of this one. So from each weight is
 * taken what other words give to the same word, or at the same distance, on average, whichever is more.
 *
 * @param heads a cell for each pair of tokens, [layers, heads, queries, keys], 255 for a weight of 1
 * @param word its place among the queries, or for `out = false` among the keys
 */
export function telling(heads: Block, texts: Texts, word: number, out: boolean): Telling[] {
  const [layers, count, , columns] = heads.shape;
  const size = heads.shape[2] * columns;
  const queries = places(texts.queries);
  const keys = places(texts.keys);
  // The same word elsewhere is no news either.
  const pairs = (out ? keys.map((key) => [word, key]) : queries.map((query) => [query, word]))
    .filter(([query, key]) => !texts.self || texts.queries[query].piece !== texts.keys[key].piece);
  const all: Telling[] = [];
  for (let number = 0; number < layers * count; number++) {
    const weight = (query: number, key: number) => heads.values[number * size + query * columns + key] / 255;
    const best: Telling = { layer: Math.floor(number / count), head: number % count, other: -1, share: 0, surplus: 0 };
    for (const [query, key] of pairs) {
      const surplus = weight(query, key) - habit(weight, texts, queries, query, key);
      if (surplus > best.surplus) Object.assign(best, { surplus, other: out ? key : query, share: weight(query, key) });
    }
    all.push(best);
  }
  return all.sort((a, b) => b.surplus - a.surplus);
}

const places = (tokens: Token[]): number[] => tokens.map((_, i) => i).filter((i) => !tokens[i].special);

/** What other words give to this key, or to the one that is as far from them, on average. */
function habit(weight: (query: number, key: number) => number, { keys, self, causal }: Texts, queries: number[], query: number, key: number): number {
  let [there, seen, apart, beside] = [0, 0, 0, 0];
  for (const other of queries) {
    if (other === query) continue;
    if (!causal || other >= key) { there += weight(other, key); seen++; }
    const distant = other + key - query;
    if (self && distant >= 0 && distant < keys.length && !keys[distant].special) { apart += weight(other, distant); beside++; }
  }
  return Math.max(seen ? there / seen : 0, beside ? apart / beside : 0);
}
