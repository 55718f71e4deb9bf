import { computed, signal } from '@preact/signals';
import { api, Refused } from '../data/api';
import type { Explanation, Part, Review, ReviewList } from '../data/types';
import { go } from './address';
import { lent } from './running';

/** Comments that wait for somebody to look at them. Their texts stay in the memory of the page: not in its address, nor in what it keeps. */

export const queue = signal<ReviewList | null>(null);
export const chosen = signal<number | null>(null);
export const why = signal<{ key: number; by: Explanation; words: Part[] } | null>(null);
export const explaining = signal(false);
export const said = signal('');
export const failed = signal<string | null>(null);

const NAME = 'heed.reviewer';
export const reviewer = signal(kept());

function kept(): string {
  try {
    return localStorage.getItem(NAME) ?? '';
  } catch {
    return '';
  }
}

export function nameReviewer(name: string): void {
  reviewer.value = name;
  try {
    localStorage.setItem(NAME, name);
  } catch {
    // Then it is asked for again.
  }
}

export const review = computed<Review | null>(() => {
  const all = queue.value?.reviews ?? [];
  return all.find(({ key }) => key === chosen.value) ?? all[0] ?? null;
});

async function trying(act: () => Promise<void>): Promise<void> {
  failed.value = null;
  try {
    await act();
  } catch (failure) {
    failed.value = (failure as Error).message;
    if (failure instanceof Refused && failure.status === 404 && queue.value) await load().catch(() => {});
  }
}

async function load(): Promise<void> {
  queue.value = await api.reviews();
}

export const loadReviews = () => trying(load);

export function explain(key: number, by: Explanation): Promise<void> {
  explaining.value = true;
  return trying(async () => {
    const { words } = await api.why(key, by);
    why.value = { key, by, words };
  }).finally(() => { explaining.value = false; });
}

/** The next comment is shown once the log has what was decided. */
export function decide({ key }: Review, action: 'allow' | 'block', note: string): Promise<void> {
  return trying(async () => {
    const all = queue.value?.reviews ?? [];
    const next = all[all.findIndex((each) => each.key === key) + 1] ?? null;
    await api.decide(key, action, reviewer.value.trim(), note.trim());
    chosen.value = next?.key ?? null;
    why.value = null;
    await load();
    said.value = `${action === 'allow' ? 'Allowed' : 'Blocked'}; ${queue.value!.waiting} wait.`;
  });
}

/** Shows what attention does in a comment. */
export function lookInto({ text }: Review): void {
  lent.value = text;
  go({ screen: 'explore', text: '', pair: '', layer: null, head: null, token: null, other: null, masked: [], off: [] }, true);
}
