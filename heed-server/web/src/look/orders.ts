/** What happens to attention when words change places. */

/**
 * For each token of a, where the same word is in b: its first occurrence goes to the first, and so on; -1 for none.
 */
export function samePlaces(a: string[], b: string[]): number[] {
  const places = new Map<string, number[]>();
  b.forEach((word, i) => places.set(word, [...(places.get(word) ?? []), i]));
  return a.map((word) => places.get(word)?.shift() ?? -1);
}

/**
 * Per token of a, the greatest change of any head's weight from it to any token, when each token is followed to its
 * place in b.
 *
 * @param a per query [heads of all layers, keys]
 * @param b the same of the other text
 */
export function changes(a: ArrayLike<number>[], b: ArrayLike<number>[], heads: number, to: number[]): number[] {
  const [inA, inB] = [a.length, b.length];
  return a.map((row, query) => {
    if (to[query] < 0) return NaN;
    const other = b[to[query]];
    let most = 0;
    for (let head = 0; head < heads; head++) {
      for (let key = 0; key < inA; key++) {
        if (to[key] >= 0) most = Math.max(most, Math.abs(row[head * inA + key] - other[head * inB + to[key]]));
      }
    }
    return most;
  });
}
