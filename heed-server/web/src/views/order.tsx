import { useEffect, useState } from 'preact/hooks';
import { api } from '../data/api';
import type { Run, RunRequest, Stream } from '../data/types';
import { csv } from '../look/csv';
import { changes, samePlaces } from '../look/orders';
import { percent } from '../look/percent';
import { go, place } from '../state/address';
import { FIRST_ORDER } from '../state/samples';
import { resource } from '../state/resource';
import { ask, model } from '../state/running';
import { Card } from './card';
import { Export, file, type Item } from './export';

/** A run of each, and a row of all heads per token: longer texts would say no more. */
const MOST_TOKENS = 40;

interface Found {
  causal: boolean;
  words: string[];
  others: string[];
  /** Per word the greatest change, with positions and without. */
  on: number[];
  off: number[] | null;
  whyNot: string | null;
}

const texts = () => place.value.text && place.value.text2 ? [place.value.text, place.value.text2] as const : FIRST_ORDER;

const found = resource<Found>(
  () => (place.value.screen === 'order' && model.value ? JSON.stringify([model.value, ...texts()]) : null),
  find,
);

async function find(called: AbortSignal): Promise<Found> {
  const [a, b] = texts();
  const pair = (options?: RunRequest['options']) => both(a, b, options, called);
  const on = await pair();
  let off: Awaited<ReturnType<typeof both>> | null = null;
  let whyNot: string | null = null;
  try {
    off = await pair({ positions: false });
  } catch (reason) {
    if ((reason as Error).name === 'AbortError') throw reason;
    whyNot = (reason as Error).message;
  }
  return { causal: on.causal, words: on.words, others: on.others, on: on.changes, off: off?.changes ?? null, whyNot };
}

async function both(a: string, b: string, options: RunRequest['options'], called: AbortSignal) {
  const runs = [];
  for (const each of [a, b]) {
    const request: RunRequest = { model: model.value, text: each };
    if (options) request.options = options;
    runs.push(await ask(request, called));
  }
  const stream: Stream = runs[0].streams.enc ? 'enc' : 'dec';
  const info = runs[0].streams[stream]!;
  const labels = (of: Run) => (of.tokens[info.queries] ?? []).map((token) => token.text);
  const rows = (of: Run) => Promise.all(labels(of).slice(0, MOST_TOKENS).map((_, token) =>
    api.row(of.run, stream, token, 'out', 'weight', called).then((block) => block.values)));
  const [words, others] = runs.map((each) => labels(each).slice(0, MOST_TOKENS));
  const [rowsA, rowsB] = [await rows(runs[0]), await rows(runs[1])];
  const to = samePlaces(words, others);
  return { causal: info.causal, words, others, changes: changes(rowsA, rowsB, info.layers * info.heads, to) };
}

export function Order() {
  const [first, second] = texts();
  const [drafts, setDrafts] = useState<[string, string]>([first, second]);
  useEffect(() => setDrafts([first, second]), [first, second]);
  const now = found.value.value;
  const most = now ? Math.max(...now.on.filter((value) => !Number.isNaN(value)), 0) : 0;
  const mostOff = now?.off ? Math.max(...now.off.filter((value) => !Number.isNaN(value)), 0) : null;
  return <div class="narrow">
    <form class="card controls" onSubmit={(event) => { event.preventDefault(); if (drafts.every((draft) => draft.trim())) go({ text: drafts[0], text2: drafts[1] }, true); }}>
      <label class="grow">One order <input type="text" dir="auto" value={drafts[0]} onInput={(event) => setDrafts([event.currentTarget.value, drafts[1]])} /></label>
      <label class="grow">another <input type="text" dir="auto" value={drafts[1]} onInput={(event) => setDrafts([drafts[0], event.currentTarget.value])} /></label>
      <button type="submit" class="main">Compare</button>
    </form>
    <Card id="order" title="Does attention know who bites?" actions={now && <Export name="this table" items={exports(now)} />} how={<>The same words, in two orders. How much does what a word attends to change? Each word is followed to its
      new place, and the greatest change of any head’s weight is told.</>}>
      {found.error.value && <p class="note" role="alert">{found.error.value}</p>}
      {!now && !found.error.value && <p class="how">One moment …</p>}
      {now && <>
        <div class="scroll" tabIndex={0} role="region" aria-label="Change per word"><table>
          <thead><tr><th scope="col">Word</th><th scope="col">with positions</th><th scope="col"><span class="hidden">as a bar</span></th>
            <th scope="col">without positions</th><th scope="col"><span class="hidden">as a bar</span></th></tr></thead>
          <tbody>{now.words.map((word, i) => <tr key={i}><th scope="row" dir="auto">{word}</th>
            <td><b>{percentOr(now.on[i])}</b></td><td class="wide"><Bar share={now.on[i]} /></td>
            <td>{now.off ? <b>{percentOr(now.off[i])}</b> : '–'}</td><td class="wide">{now.off && <Bar share={now.off[i]} />}</td></tr>)}</tbody>
        </table></div>
        <p class="say">{now.off === null ? `This model cannot run without positions: ${now.whyNot}`
          : mostOff! < 0.005 ? `Without positions nothing changes: attention by itself sees a bag of words, and both sentences are the same to it. With positions, weights change by up to ${percent(most)}.`
            : now.causal ? `Without positions, weights still change by up to ${percent(mostOff!)}: this model reads from left to right, and what comes before a word tells it where it stands.`
              : `With positions, weights change by up to ${percent(most)}; without, by up to ${percent(mostOff!)}.`}</p>
      </>}
    </Card>
  </div>;
}

const exports = (now: Found): Item[] => [
  file('Changes, CSV', 'csv', () => csv(['word', 'with positions', 'without positions'], now.words.map((word, i) => [word, now.on[i], now.off?.[i] ?? null]))),
  file('Changes, JSON', 'json', () => JSON.stringify({ model: model.value, texts: texts(), words: now.words, withPositions: now.on.map(orNull),
    withoutPositions: now.off?.map(orNull) ?? null }, null, 1)),
];

const orNull = (value: number) => (Number.isNaN(value) ? null : value);

/** Weights come in 16 bits: what is less than their rounding is no change. */
const ROUNDING = 0.0005;

const percentOr = (share: number) => (Number.isNaN(share) ? 'only in one' : percent(share < ROUNDING ? 0 : share));

function Bar({ share }: { share: number }) {
  return <span class="bar"><i style={{ width: `${100 * Math.min(1, share || 0)}%` }} /></span>;
}
