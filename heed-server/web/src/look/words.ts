import type { Token } from '../data/types';

/** What is shown as one: a token, or the pieces of a word. */
export interface Group {
  tokens: number[];
  text: string;
  special: boolean;
  /** Goes on with the word before it. */
  piece: boolean;
}

/** The groups of a text in order, special tokens included. */
export function groups(tokens: Token[], merge: boolean): Group[] {
  const result: Group[] = [];
  tokens.forEach((token, i) => {
    const piece = i > 0 && !token.special && token.word >= 0 && tokens[i - 1].word === token.word;
    if (merge && piece) result[result.length - 1].tokens.push(i);
    else result.push({ tokens: [i], text: token.text, special: token.special, piece });
  });
  return merge ? result.map((group) => named(group, tokens)) : result;
}

function named(group: Group, tokens: Token[]): Group {
  if (group.tokens.length === 1) return group;
  const text = group.tokens.map((i) => plain(tokens[i])).join('');
  return { ...group, text };
}

/** A piece without the marks of its tokenizer, which say where a word begins or goes on. */
export const plain = (token: Token): string =>
  token.piece.replace(/^##(?=.)/, '').replace(/^[Ġ▁](?=.)/, '').replace(/<\/w>$/, '');

/** A head as it is shown: rows and columns are groups of tokens. */
export interface Look {
  rows: Group[];
  columns: Group[];
  /** [rows, columns] */
  weights: Float32Array;
  /** Per row, what goes to columns that are not shown. */
  hidden: Float32Array;
  /** The share of all shown rows' attention that goes to columns that are not shown. */
  hiddenShare: number;
  most: number;
}

/**
 * A word gives the mean of what its pieces give, and gets the sum of what they get (Clark et al. 2019, §4.1), so
 * that a row with its hidden share still adds up to what it did.
 *
 * @param weights [queries, keys]
 * @param keep which groups are shown
 */
export function looked(weights: ArrayLike<number>, keys: number, allRows: Group[], allColumns: Group[],
    keep: (group: Group) => boolean): Look {
  const rows = allRows.filter(keep);
  const columns = allColumns.filter(keep);
  const columnOf = new Int32Array(keys).fill(-1);
  columns.forEach((group, at) => group.tokens.forEach((token) => { columnOf[token] = at; }));
  const shown = new Float32Array(rows.length * columns.length);
  const hidden = new Float32Array(rows.length);
  let most = 0;
  rows.forEach((group, row) => {
    for (const query of group.tokens) {
      for (let key = 0; key < keys; key++) {
        const part = weights[query * keys + key] / group.tokens.length;
        if (columnOf[key] < 0) hidden[row] += part;
        else shown[row * columns.length + columnOf[key]] += part;
      }
    }
  });
  for (const weight of shown) most = Math.max(most, weight);
  const hiddenShare = rows.length ? hidden.reduce((sum, part) => sum + part, 0) / rows.length : 0;
  return { rows, columns, weights: shown, hidden, hiddenShare, most };
}

/** Where a token is among the groups; -1 where it is not shown. */
export const groupOf = (all: Group[], token: number | null): number =>
  token === null ? -1 : all.findIndex((group) => group.tokens.includes(token));

/** A label is a word and, where the word occurs more than once, its occurrence in subscript digits. */
export function label(text: string): [string, string] {
  const [, word, occurrence] = /^(.*?)([₀-₉]*)$/s.exec(text)!;
  return word ? [word, occurrence.replace(/./g, (digit) => String(digit.charCodeAt(0) - 0x2080))] : [occurrence, ''];
}

/** For the middle of a sentence: isolated, so that a word written from right to left turns only itself. */
export const said = (text: string): string => `\u2068${text}\u2069`;

/** Letters that are written from right to left, before any other letter. */
const LEFTWARD = /^\P{L}*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** How the words of a text follow each other: as its first letter says. The words themselves are boxes, which tell a browser nothing. */
export const directionOf = (words: { text: string; special: boolean }[]): 'rtl' | 'ltr' =>
  (LEFTWARD.test(words.filter(({ special }) => !special).map(({ text }) => text).join(' ')) ? 'rtl' : 'ltr');
