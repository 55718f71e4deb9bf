import { block, type Block } from './block';
import type {
  Ablation, AblationEffect, ClaimInfo, Comparison, Edges, Explanation, HeadAt, Job, ModelList, Part, ReviewList, Run, RunRequest, SensesOf, SideBySide, Step, Stream,
} from './types';

/** The server said no, in one sentence; status 0: there is no server. */
export class Refused extends Error {
  constructor(message: string, readonly status: number, readonly job?: string) {
    super(message);
  }
}

export type Measured = 'weight' | 'value';

const root = new URL('api/', document.baseURI).toString();

async function answer(path: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(root + path, init);
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
    throw new Refused('Heed does not answer. Is “heed serve” still running?', 0);
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => ({}));
  throw new Refused(said.error ?? `The server answered with status ${response.status}.`, response.status, said.job);
}

async function json<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = body === undefined ? { signal } : {
    method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' }, signal,
  };
  return (await answer(path, init)).json();
}

async function numbers(path: string, signal?: AbortSignal): Promise<Block> {
  const response = await answer(path, { signal });
  return block(await response.arrayBuffer(), response.headers.get('X-Shape'), response.headers.get('X-Dtype'));
}

const query = (values: Record<string, string | number>) =>
  new URLSearchParams(Object.entries(values).map(([key, value]) => [key, String(value)])).toString();

const streamOf = (run: string, stream: Stream) => `runs/${encodeURIComponent(run)}/${stream}`;

export const api = {
  sideBySide: (text: string, signal?: AbortSignal) => json<SideBySide>('side-by-side', { text }, signal),
  claims: (signal?: AbortSignal) => json<{ claims: ClaimInfo[] }>('claims', undefined, signal),
  pictureOf: (claim: string, number: number) => `${root}claims/${encodeURIComponent(claim)}/${number}`,
  models: (signal?: AbortSignal) => json<ModelList>('models', undefined, signal),
  open: (model: string) => json<{ job: string }>('models', { model }),
  run: (request: RunRequest, signal?: AbortSignal) => json<Run>('runs', request, signal),
  thumbs: (run: string, stream: Stream, size: number, signal?: AbortSignal) =>
    numbers(`${streamOf(run, stream)}/thumbs?size=${size}`, signal),
  row: (run: string, stream: Stream, token: number, dir: 'out' | 'in', measure: Measured, signal?: AbortSignal) =>
    numbers(`${streamOf(run, stream)}/row?${query({ token, dir, measure })}`, signal),
  rowOf: (run: string, { stream, layer, head }: HeadAt, token: number, dir: 'out' | 'in', measure: Measured, signal?: AbortSignal) =>
    numbers(`${streamOf(run, stream)}/row?${query({ token, dir, measure, layer, head })}`, signal),
  head: (run: string, stream: Stream, layer: number, head: number, measure: Measured, signal?: AbortSignal) =>
    numbers(`${streamOf(run, stream)}/head?${query({ layer, head, measure })}`, signal),
  rollout: (run: string, stream: Stream, signal?: AbortSignal) => numbers(`${streamOf(run, stream)}/rollout`, signal),
  tile: (run: string, at: HeadAt, level: number, y: number, x: number, measure: Measured, signal?: AbortSignal) =>
    numbers(`${streamOf(run, at.stream)}/tile?${query({ layer: at.layer, head: at.head, level, y, x, measure })}`,
      signal),
  edges: (run: string, at: HeadAt, mass: number, measure: Measured, signal?: AbortSignal) =>
    json<Edges>(`${streamOf(run, at.stream)}/edges?${
      query({ layer: at.layer, head: at.head, mass, limit: 2000, measure })}`, undefined, signal),
  step: (run: string, at: HeadAt, i: number, j: number, signal?: AbortSignal) =>
    json<Step>(`runs/${encodeURIComponent(run)}/step?${query({ ...at, i, j })}`, undefined, signal),
  compare: (a: string, b: string, stream: Stream, signal?: AbortSignal) =>
    json<Comparison>('compare', { a, b, stream }, signal),
  difference: (a: string, b: string, at: HeadAt, signal?: AbortSignal) =>
    numbers(`compare/head?${query({ a, b, ...at })}`, signal),
  ablate: (run: string, heads: HeadAt[], ablation: Ablation, signal?: AbortSignal) =>
    json<AblationEffect>('ablate', { run, heads, ablation }, signal),
  ablateEach: (run: string, stream: Stream, ablation: Ablation) =>
    json<{ job: string }>('ablate/each', { run, stream, ablation }),
  senses: (model: string, word: string, sentences: { text: string; label: string }[] | null, signal?: AbortSignal) =>
    json<SensesOf>('senses', sentences ? { model, word, sentences } : { model, word }, signal),
  headRoles: (model: string) => json<{ job: string }>('headroles', { model }),
  callOff: (job: string) => answer(`jobs/${encodeURIComponent(job)}`, { method: 'DELETE' }),
  reviews: () => json<ReviewList>('reviews'),
  why: (key: number, by: Explanation) => json<{ words: Part[] }>('reviews/why', { key, by }),
  decide: (key: number, action: 'allow' | 'block', reviewer: string, note: string) =>
    json<{ waiting: number }>('reviews/decide', { key, action, reviewer, note }),
  exportAddress: (run: string, at: HeadAt, view: 'matrix' | 'links' | 'heads', format: 'svg' | 'json' | 'csv') =>
    `${root}runs/${encodeURIComponent(run)}/export?${query({ view, ...at, format })}`,

  /** Follows a job to its end; fails as the job fails. */
  follow(job: string, tell: (job: Job) => void): Promise<Job> {
    return new Promise((resolve, reject) => {
      const events = new EventSource(`${root}jobs/${encodeURIComponent(job)}/events`);
      const end = (act: () => void) => { events.close(); act(); };
      events.onmessage = (event) => {
        const now = JSON.parse(event.data) as Job;
        tell(now);
        if (now.state === 'done') end(() => resolve(now));
        if (now.state === 'failed') end(() => reject(new Refused(now.error ?? now.message, 500)));
      };
      // A broken connection says nothing about the job: ask once.
      events.onerror = () => end(() => {
        json<Job>(`jobs/${encodeURIComponent(job)}`).then((now) => {
          tell(now);
          if (now.state === 'done') resolve(now);
          else if (now.state === 'failed') reject(new Refused(now.error ?? now.message, 500));
          else setTimeout(() => api.follow(job, tell).then(resolve, reject), 500);
        }, reject);
      });
    });
  },
};
