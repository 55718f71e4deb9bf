/** Which of a row's weights matter. */

export function greatest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
}

/** The indices of a row's positive weights, the greatest first; of equal ones the earlier. */
export function ordered(row: ArrayLike<number>): number[] {
  const indices: number[] = [];
  for (let j = 0; j < row.length; j++) if (row[j] > 0) indices.push(j);
  return indices.sort((a, b) => row[b] - row[a] || a - b);
}

/** The smallest set of indices that holds at least the share `mass` of the row's sum, the greatest first. */
export function smallestSet(row: ArrayLike<number>, mass: number): number[] {
  const indices = ordered(row);
  const sum = indices.reduce((total, j) => total + row[j], 0);
  let held = 0;
  // A hair less than asked for: sums of rounded weights miss 100 % by more than nothing.
  const enough = mass * sum * (1 - 1e-6);
  for (let n = 0; n < indices.length; n++) {
    held += row[indices[n]];
    if (held >= enough) return indices.slice(0, n + 1);
  }
  return indices;
}

export interface Link {
  from: number;
  to: number;
  weight: number;
}

/**
 * Per row the smallest set with that mass, then at most `limit` of all links, the strongest.
 *
 * @param weights [rows, columns]
 */
export function links(weights: Float32Array, rows: number, columns: number, mass: number, limit: number): Link[] {
  const all: Link[] = [];
  for (let from = 0; from < rows; from++) {
    const row = weights.subarray(from * columns, (from + 1) * columns);
    for (const to of smallestSet(row, mass)) all.push({ from, to, weight: row[to] });
  }
  return all.length <= limit ? all : all.sort((a, b) => b.weight - a.weight).slice(0, limit);
}

/** Lines of like opacity are drawn at one go: `count` buckets of equal width up to `most`, the faintest first. */
export function buckets(all: Link[], most: number, count = 8): Link[][] {
  const result: Link[][] = Array.from({ length: count }, () => []);
  for (const link of all) {
    const at = Math.ceil((count * link.weight) / (most || 1)) - 1;
    result[Math.min(count - 1, Math.max(0, at))].push(link);
  }
  return result;
}
