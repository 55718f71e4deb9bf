import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { api } from '../data/api';
import type { Step } from '../data/types';
import { csv } from '../look/csv';
import { figure, percent } from '../look/percent';
import { checked } from '../look/stepping';
import { ordered } from '../look/mass';
import { at, info, keyTokens, long, look, queryTokens, shares, streams, token, type Shares } from '../state/look';
import { go, place } from '../state/address';
import { resource } from '../state/resource';
import { run } from '../state/running';
import { calm } from '../state/theme';
import { Card } from './card';
import { Export, file, type Item } from './export';
import { StreamTabs } from './headcards';

/** The key side of the pair: as the address says, else the token that gets most. */
function otherToken(): number {
  const { other } = place.value;
  const count = keyTokens.value.length;
  if (other !== null && other < count) return other;
  if (long.value) return strongest(shares.value) ?? 0;
  const weights = look.value ? look.value.weights : null;
  const row = look.value?.rows.findIndex((group) => group.tokens.includes(query())) ?? -1;
  if (!weights || row < 0) return 0;
  const columns = look.value!.columns;
  const best = ordered(weights.subarray(row * columns.length, (row + 1) * columns.length))[0];
  return best === undefined ? 0 : columns[best].tokens[0];
}

/** Of a long text only the chosen word's row is here. */
const strongest = (given: Shares | null): number | undefined => (given ? given.groups[ordered(given.shares)[0]]?.tokens[0] : undefined);

const query = () => (place.value.direction === 'out' ? token.value : (place.value.token ?? 0)) % Math.max(1, queryTokens.value.length);

const step = resource<Step>(
  () => {
    const where = at.value;
    if (!run.value || !where || place.value.screen !== 'steps' || !(long.value ? shares.value : look.value)) return null;
    return `${run.value.run}/${where.stream}/${where.layer}/${where.head}/${query()}/${otherToken()}`;
  },
  (called) => api.step(run.value!.run, at.value!, query(), otherToken(), called),
);

const playing = signal(false);

interface Named { query: string; key: string }

const PARTS: { title: string; how: (names: Named, step: Step) => ComponentChildren; view: (step: Step, names: Named) => ComponentChildren }[] = [
  {
    title: 'A row of numbers per word',
    how: ({ query: name }, { width }) => <>Up to this layer, the model has turned “<bdi>{name}</bdi>” into {width} numbers, x. Here are the first
      of them. Above zero is drawn to the right, below to the left.</>,
    view: ({ x, width }) => <Bars name={`x, the first ${x.length} of ${width}`} values={x} />,
  },
  {
    title: 'A question and an answer: query and key',
    how: ({ query: name, key }, { dHead }) => <>The head multiplies x by two matrices of its own. “<bdi>{name}</bdi>” becomes a <b>query</b>: what it
      looks for. “<bdi>{key}</bdi>” becomes a <b>key</b>: what it has to offer. Both are {dHead} numbers.</>,
    view: (now, { query: name, key }) => <div class="pair even"><Bars name={`Query of “${name}”`} values={now.query} /><Bars name={`Key of “${key}”`} values={now.key} /></div>,
  },
  {
    title: 'How well they fit: the dot product',
    how: () => <>Each number of the query times the same number of the key, all added up. Where both point the same way, the sum grows.</>,
    view: (now) => <>
      <Bars name="Query × key, number by number" values={now.products} />
      <p class="sum">Sum: <b>{figure(now.dot)}</b></p>
      <Off by={Math.max(checked(now).dot, checked(now).products)} />
    </>,
  },
  {
    title: 'The score: scaled, placed, masked',
    how: (_, { dHead, bias, visible }) => <>Sums of {dHead} products grow with their number, so they are scaled down.{bias !== 0 && ' What the distance between the two is worth is added.'}
      {!visible && ' This pair is hidden: a word may not look at what comes later, or at padding.'}</>,
    view: (now) => <>
      <table class="sums"><tbody>
        <tr><th scope="row">dot product</th><td>{figure(now.dot)}</td></tr>
        <tr><th scope="row">× scale{Math.abs(now.scale - 1 / Math.sqrt(now.dHead)) < 1e-6 && ` (1 ÷ √${now.dHead})`}</th><td>{figure(now.scale, 4)}</td></tr>
        <tr><th scope="row">=</th><td>{figure(now.scaled)}</td></tr>
        <tr><th scope="row">+ position bias</th><td>{figure(now.bias)}</td></tr>
        <tr><th scope="row">score</th><td><b>{now.visible && now.score !== null ? figure(now.score) : 'hidden (−∞)'}</b></td></tr>
      </tbody></table>
      <Off by={checked(now).score} />
    </>,
  },
  {
    title: 'Shares of 100 %: softmax',
    how: ({ query: name }) => <>The scores of “<bdi>{name}</bdi>” with all words become shares: e to the power of each score, divided by the sum of
      them all. The greatest score is taken off first, which changes no share but keeps the numbers small.</>,
    view: (now) => <><Row step={now} /><Off by={checked(now).weights} /></>,
  },
  {
    title: 'The answer: a mix of values',
    how: ({ query: name }) => <>Each word also has a <b>value</b>: what it hands over when looked at. “<bdi>{name}</bdi>” gets all of them, mixed by their shares.
      Below are those with the greatest shares, and the mix of all.</>,
    view: (now) => <div class="values">
      {now.valueKeys.slice(0, 4).map((key, i) => <Bars key={key} name={`${percent(now.row.weights[key])} of the value of “${keyTokens.value[key]?.text ?? key}”`}
        values={now.values[i]} />)}
      <Bars name="The mix (context)" values={now.context} strong />
    </div>,
  },
  {
    title: 'Back to the word',
    how: ({ query: name }, { width }) => <>The mixes of all heads are put side by side and go through one more matrix, W<sup>O</sup>. This head’s part of the result is
      added to x (the residual connection): “<bdi>{name}</bdi>” now knows something of what it looked at. Here are the first of its {width} numbers.</>,
    view: (now) => <div class="pair even"><Bars name="x" values={now.x} /><Bars name="What this head adds" values={now.output} strong /></div>,
  },
];

export function Steps() {
  const now = step.value.value;
  const at_ = at.value;
  const current = Math.min(place.value.step, PARTS.length - 1);
  const set = (wanted: number) => go({ step: Math.min(PARTS.length - 1, Math.max(0, wanted)) });
  useEffect(() => {
    if (!playing.value) return;
    if (current === PARTS.length - 1) { playing.value = false; return; }
    const timer = setTimeout(() => set(current + 1), 3500);
    return () => clearTimeout(timer);
  }, [playing.value, current]);
  if (!run.value || !at_ || !info.value) return null;
  const names = { query: queryTokens.value[query()]?.text ?? '', key: keyTokens.value[otherToken()]?.text ?? '' };
  const part = PARTS[current];
  return <div class="narrow">
    <div class="card controls" role="group" aria-label="Which pair">
      {streams.value.length > 1 && <StreamTabs />}
      <Count name="Layer" value={at_.layer} count={info.value.layers} onChange={(layer) => go({ layer })} />
      <Count name="Head" value={at_.head} count={info.value.heads} onChange={(head) => go({ head })} />
      <WordChoice name="From" value={query()} words={queryTokens.value.map((each) => each.text)} onChange={(chosen) => go({ token: chosen, direction: 'out', other: otherToken() })} />
      <WordChoice name="to" value={otherToken()} words={keyTokens.value.map((each) => each.text)} onChange={(other) => go({ other, token: query(), direction: 'out' })} />
    </div>
    <ol class="steps" aria-label="Steps">{PARTS.map(({ title }, i) => <li key={title}>
      <button type="button" aria-current={i === current ? 'step' : undefined} onClick={() => set(i)}>{i + 1}<span> {title}</span></button></li>)}</ol>
    <Card id="step" title={<span aria-live="polite">{current + 1}. {part.title}</span>} how={now && part.how(names, now)}
      actions={now && <Export name="this pair" items={exports(now)} />}>
      {step.error.value && <p class="note" role="alert">{step.error.value}</p>}
      {now && part.view(now, names)}
      <div class="walk">
        <button type="button" disabled={current === 0} onClick={() => set(current - 1)}>Back</button>
        <button type="button" class="main" disabled={current === PARTS.length - 1} onClick={() => set(current + 1)}>Next</button>
        {!calm() && <button type="button" aria-pressed={playing.value} onClick={() => {
          if (!playing.value && current === PARTS.length - 1) set(0);
          playing.value = !playing.value;
        }}>{playing.value ? 'Pause' : 'Play'}</button>}
      </div>
    </Card>
  </div>;
}

function exports(now: Step): Item[] {
  const words = keyTokens.value;
  return [
    file('All steps, JSON', 'json', () => JSON.stringify({ model: run.value!.model, ...at.value, from: queryTokens.value[query()]?.text,
      to: words[otherToken()]?.text, ...now }, null, 1)),
    file('The row, CSV', 'csv', () => csv(['token', 'word', 'score', 'numerator', 'weight'],
      now.row.weights.map((weight, i) => [i, words[i]?.text ?? '', now.row.scores[i], now.row.numerators[i], weight]))),
  ];
}

function Count({ name, value, count, onChange }: { name: string; value: number; count: number; onChange: (value: number) => void }) {
  return <label>{name} <select value={value} onChange={(event) => onChange(Number(event.currentTarget.value))}>
    {Array.from({ length: count }, (_, i) => <option key={i} value={i}>{i}</option>)}</select></label>;
}

const MOST_CHOICES = 300;

function WordChoice({ name, value, words, onChange }: { name: string; value: number; words: string[]; onChange: (value: number) => void }) {
  const from = Math.max(0, Math.min(value - MOST_CHOICES / 2, words.length - MOST_CHOICES));
  return <label>{name} <select value={value} onChange={(event) => onChange(Number(event.currentTarget.value))}>
    {words.slice(from, from + MOST_CHOICES).map((word, i) => <option key={i} value={from + i}>{word}</option>)}</select></label>;
}

const MOST_BARS = 64;

/** Numbers around zero. More than fit are cut; the numbers are in the titles and for screen readers in a list. */
function Bars({ name, values, strong }: { name: string; values: number[]; strong?: boolean }) {
  const most = Math.max(1e-12, ...values.map(Math.abs));
  const shown = values.slice(0, MOST_BARS);
  const path = shown.map((value, i) => {
    const long = (48 * value) / most;
    return `M50 ${i * 7 + 1}h${long.toFixed(2)}v5h${(-long).toFixed(2)}z`;
  }).join('');
  return <figure class="signed">
    <figcaption>{name}{values.length > MOST_BARS && ` (the first ${MOST_BARS})`}</figcaption>
    <div><svg viewBox={`0 0 100 ${shown.length * 7}`} preserveAspectRatio="none" role="img" style={{ height: `${Math.max(40, shown.length * 7)}px` }}
      aria-label={`${name}: ${shown.map((value) => figure(value)).join(', ')}`}>
      <path d={`M50 0V${shown.length * 7}`} class="zero" /><path d={path} class={strong ? 'strong' : 'fill'} /></svg>
      <p class="scale"><span>−{figure(most)}</span><span>0</span><span>{figure(most)}</span></p></div>
  </figure>;
}

function Row({ step: now }: { step: Step }) {
  const best = ordered(now.row.weights).slice(0, 12);
  const chosen = otherToken();
  if (!best.includes(chosen)) best.push(chosen);
  const most = now.row.weights[best[0]] || 1;
  return <div class="scroll" tabIndex={0} role="region" aria-label="The row in numbers"><table>
    <caption>{best.length < now.row.weights.length ? `The ${best.length} greatest of ${now.row.weights.length} words. ` : ''}
      Sum of all numerators: {figure(now.row.denominator)}; greatest score: {figure(now.row.max)}.</caption>
    <thead><tr><th scope="col">Word</th><th scope="col">score</th><th scope="col">e^(score − greatest)</th><th scope="col">share</th><th scope="col"><span class="hidden">as a bar</span></th></tr></thead>
    <tbody>{best.map((key) => <tr key={key} class={key === chosen ? 'chosen' : undefined} onClick={() => go({ other: key, token: query(), direction: 'out' })}>
      <th scope="row" dir="auto">{keyTokens.value[key]?.text ?? key}</th>
      <td>{now.row.scores[key] === null ? 'hidden' : figure(now.row.scores[key]!)}</td>
      <td>{figure(now.row.numerators[key])}</td><td><b>{percent(now.row.weights[key])}</b></td>
      <td class="wide"><span class="bar"><i style={{ width: `${(100 * now.row.weights[key]) / most}%` }} /></span></td>
    </tr>)}</tbody></table></div>;
}

/** The page has no faith in numbers that it has not computed. */
function Off({ by }: { by: number }) {
  return <p class="how">Computed again by this page in 64 bits: {by === 0 ? 'the same' : `the greatest difference is ${by.toExponential(1)}`}.</p>;
}
