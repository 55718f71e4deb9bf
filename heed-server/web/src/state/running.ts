import { computed, effect, signal } from '@preact/signals';
import { api, Refused } from '../data/api';
import type { Job, ModelInfo, ModelList, Run, RunRequest } from '../data/types';
import { go, place } from './address';
import { whenGone } from './resource';
import { FIRST } from './samples';

/** Models, and the run that most screens show. */

export const models = signal<ModelList | null>(null);
export const trouble = signal<string | null>(null);
export const waiting = signal(false);
export const job = signal<Job | null>(null);
export const run = signal<Run | null>(null);

/** A word that a sample wants chosen once its tokens are known. */
let wantedWord: string | null = null;
export const choose = (word: string | null) => { wantedWord = word; };

const attempt = signal(0);
export const again = () => {
  if (!models.value) void loadModels();
  attempt.value++;
};

export const model = computed(() => place.value.model || models.value?.default || '');
export const text = computed(() => place.value.text || FIRST);
export const modelInfo = computed<ModelInfo | undefined>(() =>
  models.value?.models.find((known) => known.name === model.value));

/** What a model is called where there is little room: of a folder, its last two names. */
export const shortName = (name: string): string => (/^([/\\.~]|[A-Za-z]:)/.test(name)
  ? name.split(/[/\\]/).filter(Boolean).slice(-2).join('/') : name);

export async function loadModels(): Promise<void> {
  try {
    models.value = await api.models();
  } catch (failure) {
    trouble.value = (failure as Error).message;
  }
}

/** Posts a run; where its model must be opened first, waits for that. */
export async function ask(request: RunRequest, called?: AbortSignal): Promise<Run> {
  for (let attempts = 0; ; attempts++) {
    try {
      return await api.run(request, called);
    } catch (failure) {
      const opening = failure instanceof Refused && failure.status === 409 && failure.job;
      if (!opening || attempts > 2) throw failure;
      await open(request.model ?? '', failure.job);
    }
  }
}

/** Opens a model, telling how far it is. */
export async function open(name: string, known?: string): Promise<void> {
  const id = known ?? (await api.open(name)).job;
  try {
    await api.follow(id, (now) => { job.value = now; });
  } finally {
    job.value = null;
    void loadModels();
  }
}

const request = computed<string | null>(() => {
  const { screen, pair, masked, newTokens } = place.value;
  if (screen === 'models' || screen === 'order' || !models.value) return null;
  const wanted: RunRequest = { model: model.value, text: text.value };
  const kind = modelInfo.value?.kind;
  if (pair) wanted.pair = pair;
  else if (kind === 'encoder-decoder' || (kind === 'decoder' && screen === 'generate')) {
    wanted.generate = { maxNewTokens: Math.min(newTokens, (modelInfo.value?.maxTokens ?? Infinity) - 2) };
  }
  if (masked.length) wanted.options = { mask: masked };
  return JSON.stringify(wanted);
});

export function start(): void {
  void loadModels();
  whenGone(again);
  effect(() => {
    void attempt.value;
    const wanted = request.value;
    if (!wanted) return;
    const abort = new AbortController();
    trouble.value = null;
    waiting.value = true;
    ask(JSON.parse(wanted), abort.signal).then(
      (answer) => { if (!abort.signal.aborted) arrived(answer); },
      (failure: Error) => {
        if (abort.signal.aborted) return;
        waiting.value = false;
        trouble.value = failure.message;
      },
    );
    return () => abort.abort();
  });
}

function arrived(answer: Run): void {
  run.value = answer;
  waiting.value = false;
  if (wantedWord !== null) {
    const tokens = answer.tokens.source ?? answer.tokens.target ?? [];
    const wanted = wantedWord.toLowerCase();
    const token = tokens.findIndex((each) => each.text.toLowerCase() === wanted);
    wantedWord = null;
    if (token >= 0) go({ token });
  }
}
