import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { Refused } from '../data/api';
import { Kept } from '../data/kept';

/** Something from the server that follows the page's place. */
export interface Resource<T> {
  value: ReadonlySignal<T | null>;
  error: ReadonlySignal<string | null>;
}

/** Called when a run is no longer kept: running the text again brings it back. */
let onGone = () => {};
export const whenGone = (act: () => void) => { onGone = act; };

/**
 * @param key what is wanted, or null for nothing; it is read as a signal
 * @param load gets it; a newer wish calls it off
 * @param keep how many answers are kept: they never change
 */
export function resource<T>(key: () => string | null, load: (called: AbortSignal) => Promise<T>, keep = 8): Resource<T> {
  const value = signal<T | null>(null);
  const error = signal<string | null>(null);
  const kept = new Kept<T>(keep);
  effect(() => {
    const wanted = key();
    error.value = null;
    const known = wanted === null ? undefined : kept.get(wanted);
    value.value = known ?? null;
    if (wanted === null || known !== undefined) return;
    const abort = new AbortController();
    load(abort.signal).then(
      (answer) => {
        kept.set(wanted, answer);
        if (!abort.signal.aborted) value.value = answer;
      },
      (failure: unknown) => {
        if (abort.signal.aborted) return;
        if (failure instanceof Refused && failure.status === 404 && /no longer kept/.test(failure.message)) onGone();
        error.value = failure instanceof Error ? failure.message : String(failure);
      },
    );
    return () => abort.abort();
  });
  return { value, error };
}
