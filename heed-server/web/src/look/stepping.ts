import type { Step } from '../data/types';

/** The numbers of a step once more, in float64 and from their own parts, and how far the server's are off. */
export interface Checked {
  products: number;
  dot: number;
  score: number;
  weights: number;
}

const far = (a: number, b: number) => Math.abs(a - b);

export function softmax(scores: (number | null)[]): number[] {
  const seen = scores.filter((score) => score !== null);
  if (!seen.length) return scores.map(() => 0);
  const most = Math.max(...seen);
  const numerators = scores.map((score) => (score === null ? 0 : Math.exp(score - most)));
  const sum = numerators.reduce((total, each) => total + each, 0);
  return numerators.map((each) => each / sum);
}

export function checked(step: Step): Checked {
  const products = step.query.map((value, i) => value * step.key[i]);
  const dot = products.reduce((sum, product) => sum + product, 0);
  const weights = softmax(step.row.scores);
  return {
    products: Math.max(0, ...products.map((product, i) => far(product, step.products[i]))),
    dot: far(dot, step.dot),
    score: step.score === null ? 0 : far(dot * step.scale + step.bias, step.score),
    weights: Math.max(0, ...weights.map((weight, i) => far(weight, step.row.weights[i]))),
  };
}
