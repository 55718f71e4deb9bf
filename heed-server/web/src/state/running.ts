import { batch, computed, effect, signal } from '@preact/signals';
import { api, Refused } from '../data/api';
import type { Job, ModelInfo, ModelList, Run, RunRequest } from '../data/types';
import { thumbSide } from '../look/layout';
import { telling, type Texts } from '../look/telling';
import { go, place } from './address';
import type { Place, Screen } from './place';
import { whenGone } from './resource';
import { FIRST, SAMPLES } from './samples';

/** Models, and the run that most screens show. */

export const models = signal<ModelList | null>(null);
export const trouble = signal<string | null>(null);
export const waiting = signal(false);
export const job = signal<Job | null>(null);
export const run = signal<Run | null>(null);

/** A word that a sample wants chosen once its tokens are known; at the start that of the first. */
let wantedWord: string | null = !place.value.text && place.value.token === null ? SAMPLES[0].word ?? null : null;
export const choose = (word: string | null) => { wantedWord = word; };

const attempt = signal(0);
export const again = () => {
  if (!models.value) void loadModels();
  attempt.value++;
};

/** A text of somebody else that is looked at, and must not become a part of the address; null for the address's own. */
export const lent = signal<string | null>(null);

export const model = computed(() => place.value.model || models.value?.default || '');
export const text = computed(() => lent.value ?? (place.value.text || FIRST));
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
export const ask = (request: RunRequest, called?: AbortSignal): Promise<Run> =>
  opened(request.model ?? '', () => api.run(request, called));

/** Asks for something that needs a model; where that must be opened first, waits for it. */
export async function opened<T>(name: string, asking: () => Promise<T>): Promise<T> {
  for (let attempts = 0; ; attempts++) {
    try {
      return await asking();
    } catch (failure) {
      const opening = failure instanceof Refused && failure.status === 409 && failure.job;
      if (!opening || attempts > 2) throw failure;
      await open(name, failure.job);
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

/** Screens that have texts of their own, or none. */
const WITHOUT_RUN: Screen[] = ['models', 'order', 'senses', 'heads', 'rnn', 'claims', 'reviews'];
export const runs = (screen: Screen) => !WITHOUT_RUN.includes(screen);

const request = computed<string | null>(() => {
  const { screen, pair, masked, newTokens } = place.value;
  if (!runs(screen) || !models.value) return null;
  const wanted: RunRequest = { model: model.value, text: text.value };
  const kind = modelInfo.value?.kind;
  if (pair) wanted.pair = pair;
  else if (kind === 'encoder-decoder' || (kind === 'decoder' && screen === 'generate')) {
    wanted.generate = newTokens === null ? {} : { maxNewTokens: newTokens };
  }
  if (masked.length) wanted.options = { mask: masked };
  return JSON.stringify(wanted);
});

export function start(): void {
  void loadModels();
  whenGone(again);
  effect(() => { if (place.value.text) lent.value = null; }); // somebody took another text
  effect(() => {
    void attempt.value;
    const wanted = request.value;
    if (!wanted) return;
    const abort = new AbortController();
    trouble.value = null;
    waiting.value = true;
    ask(JSON.parse(wanted), abort.signal).then((answer) => arrived(answer, abort.signal)).catch((failure: Error) => {
      if (abort.signal.aborted) return;
      waiting.value = false;
      trouble.value = failure.message;
    });
    return () => abort.abort();
  });
}

async function arrived(answer: Run, called: AbortSignal): Promise<void> {
  const chosen = called.aborted ? null : await sampled(answer, called);
  if (called.aborted) return;
  batch(() => {
    run.value = answer;
    waiting.value = false;
    if (chosen) go(chosen);
  });
}

/** The word that a sample is about, and unless somebody chose a head, one in which it picks out other words. */
async function sampled(answer: Run, called: AbortSignal): Promise<Partial<Place> | null> {
  const { stream } = answer.best;
  const info = answer.streams[stream]!;
  const tokens = answer.tokens[info.queries] ?? [];
  const word = wantedWord?.toLowerCase();
  wantedWord = null;
  const token = tokens.findIndex((each) => each.text.toLowerCase() === word);
  if (token < 0) return null;
  if (place.peek().layer !== null || place.peek().head !== null) return { token };
  const heads = await api.thumbs(answer.run, stream, thumbSide(info.layers * info.heads), called);
  const texts: Texts = { queries: tokens, keys: answer.tokens[info.keys] ?? [], self: info.queries === info.keys, causal: info.causal };
  if (heads.shape[2] !== texts.queries.length || heads.shape[3] !== texts.keys.length) return { token };
  const { layer, head } = telling(heads, texts, token, true)[0];
  return { token, layer, head };
}
