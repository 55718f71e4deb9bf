/** A share of 1 for reading: `<1 %` is more than nothing. */
export function percent(share: number): string {
  const rounded = Math.round(100 * share);
  return `${rounded === 0 && share > 0 ? '<1' : rounded}\u00a0%`;
}

/** Of the sum of a few numbers no more digits are true than these. */
export function figure(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e5 ? value.toExponential(digits - 1) : value.toFixed(Math.max(0, digits - (size >= 10 ? 1 : 0)));
}

export function bytes(count: number): string {
  for (const [unit, size] of [['GB', 1e9], ['MB', 1e6], ['KB', 1e3]] as const) {
    if (count >= size) return `${(count / size).toFixed(count >= 10 * size ? 0 : 1)}\u00a0${unit}`;
  }
  return `${count}\u00a0bytes`;
}

/** A number of things, as one says it: 22.7 million. */
export function count(number: number): string {
  for (const [name, size] of [['billion', 1e9], ['million', 1e6]] as const) {
    if (number >= size) return `${(number / size).toFixed(number >= 100 * size ? 0 : 1)}\u00a0${name}`;
  }
  return number.toLocaleString('en');
}
