import { computed, effect, signal } from '@preact/signals';
import { api } from '../data/api';
import type { HeadEffect, Job } from '../data/types';
import { place } from './address';
import { at } from './look';
import { run } from './running';

/** What taking out each head alone does to the shown run: a pass for each head, so it is done when somebody asks. */

const found = signal<{ key: string; heads: HeadEffect[] } | null>(null);
export const working = signal<Job | null>(null);
export const failure = signal<string | null>(null);

const key = computed(() => (run.value && at.value ? `${run.value.run}/${at.value.stream}/${place.value.ablation}` : ''));
const asked = computed(() => place.value.tiles === 'effect' && (place.value.screen === 'explore' || place.value.screen === 'ablate'));

export const effects = computed(() => (key.value && found.value?.key === key.value ? found.value.heads : null));

effect(() => {
  const wanted = key.value;
  if (!asked.value || !wanted || effects.value) return;
  let job = '';
  let left = false;
  failure.value = null;
  api.ablateEach(run.peek()!.run, at.peek()!.stream, place.peek().ablation).then(async (started) => {
    job = started.job;
    if (left) return api.callOff(job);
    const done = await api.follow(job, (now) => { if (!left) working.value = now; });
    if (!left) found.value = { key: wanted, heads: done.result as HeadEffect[] };
  }).catch((reason: Error) => { if (!left) failure.value = reason.message; }).finally(() => { if (!left) working.value = null; });
  return () => {
    left = true;
    working.value = null;
    if (job && found.peek()?.key !== wanted) api.callOff(job).catch(() => {});
  };
});
