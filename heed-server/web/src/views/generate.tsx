import { computed, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Token } from '../data/types';
import { picture as cells } from '../draw/cells';
import { around } from '../look/layout';
import { percent } from '../look/percent';
import { greatest, ordered } from '../look/mass';
import { css, inkOn, of } from '../look/ramp';
import { directionOf, label, said } from '../look/words';
import { at, crossing, info, keyTokens, long, matrix, queryTokens } from '../state/look';
import { go, place } from '../state/address';
import { MOST_NEW_TOKENS } from '../state/place';
import { models, run, shortName } from '../state/running';
import { calm, colours } from '../state/theme';
import { Card } from './card';
import { Export, file, picture, served, type Item } from './export';
import { StreamTabs } from './headcards';
import { HeadMap } from './headmap';
import { LongMatrix } from './longmatrix';
import { Matrix } from './matrix';
import { LEAST_SHARE, MOST_WORDS } from './text';

const playing = signal(false);

/** The token of the target that was written first; a model that was given a target wrote none. */
const first = computed(() => {
  const known = run.value?.generatedFrom;
  return known === undefined ? (run.value?.kind === 'encoder-decoder' ? 1 : null) : known;
});
const count = computed(() => Math.max(0, (run.value?.tokens.target ?? run.value?.tokens.source ?? []).length - (first.value ?? 0)));
/** How many written tokens are shown: all, unless the address says fewer. */
const shownCount = computed(() => (place.value.step === 0 ? count.value : Math.min(count.value, place.value.step)));
/** Queries whose rows are shown. In cross-attention a row is the token that it wrote, else the one that it read. */
const rows = computed(() => Math.min(queryTokens.value.length, (crossing.value ? 0 : first.value ?? 0) + shownCount.value));

const most = computed(() => (matrix.value.value ? greatest(matrix.value.value.values) : 0) || 1);
const image = computed(() => {
  const known = matrix.value.value;
  if (!known) return null;
  const [all, keys] = known.shape;
  return cells(Math.min(all, rows.value), keys, colours.value, (row, column) => known.values[row * keys + column] / most.value);
});

export function Generate() {
  const current = run.value!;
  const writes = current.kind !== 'encoder';
  useEffect(() => {
    if (!playing.value) return;
    const timer = setTimeout(() => {
      if (shownCount.value >= count.value) playing.value = false;
      else go({ step: shownCount.value + 1 });
    }, 700);
    return () => clearTimeout(timer);
  }, [playing.value, shownCount.value]);
  if (!writes) return <Reads />;
  if (!at.value || !info.value || first.value === null) return <p class="card empty">One moment …</p>;
  const set = (step: number) => go({ step: Math.min(count.value, Math.max(1, step)) });
  return <div class="narrow">
    <Written />
    <div class="card controls" role="group" aria-label="How far">
      <button type="button" disabled={shownCount.value <= 1} onClick={() => set(shownCount.value - 1)}>Back</button>
      <button type="button" class="main" disabled={shownCount.value >= count.value} onClick={() => set(shownCount.value + 1)}>Next</button>
      {!calm() && <button type="button" aria-pressed={playing.value} onClick={() => {
        if (!playing.value && shownCount.value >= count.value) set(1);
        playing.value = !playing.value;
      }}>{playing.value ? 'Pause' : 'Play'}</button>}
      <label class="slider grow">Token <output>{shownCount.value}</output> of {count.value}
        <input type="range" min="1" max={Math.max(1, count.value)} value={shownCount.value} onInput={(event) => set(Number(event.currentTarget.value))} /></label>
      <label>Write up to <input type="number" min="1" max={MOST_NEW_TOKENS} value={place.value.newTokens ?? ''} placeholder="24"
        onChange={(event) => go({ newTokens: Math.min(MOST_NEW_TOKENS, Math.max(0, Math.round(Number(event.currentTarget.value)))) || null, step: 0 }, true)} /> tokens</label>
    </div>
    <div class="pair">
      {long.value ? <LongMatrix actions={<Export name="this text" items={exports()} />} /> : <Card id="rows" title={`Where each token looked: layer ${at.value.layer}, head ${at.value.head}`} actions={<><StreamTabs /><Export name="this text" items={exports()} /></>}
        how={crossing.value ? 'One row per token of the answer: which words of the source was it looking at when it chose this one?'
          : 'One row per token. What the model wrote grows below what it was given.'}>
        {matrix.error.value && <p class="note" role="alert">{matrix.error.value}</p>}
        {matrix.value.value && matrix.value.value.shape[0] === queryTokens.value.length && <Rows />}
      </Card>}
      <Card id="heads" title="Heads" actions={long.value && <StreamTabs />}><HeadMap label="Heads by layer; arrow keys choose one" chosen={at.value} onChoose={(layer, head) => go({ layer, head })} /></Card>
    </div>
  </div>;
}

function exports(): Item[] {
  const target = run.value!.tokens.target ?? run.value!.tokens.source ?? [];
  return [
    ...(long.value ? [picture('matrix')] : [served('All rows, SVG', 'matrix', 'svg'), picture('rows')]),
    picture('heads'),
    ...(long.value ? [] : [served('All rows, CSV', 'matrix', 'csv'), served('All rows, JSON', 'matrix', 'json')]),
    file('The text, JSON', 'json', () => JSON.stringify({ model: run.value!.model, read: (run.value!.tokens.source ?? []).map((each) => each.piece),
      written: target.slice(first.value ?? 0).map((each) => each.piece) }, null, 1)),
  ];
}

function Rows() {
  const known = matrix.value.value!;
  const keys = known.shape[1];
  const row = rows.value - 1;
  const weights = known.values.subarray(row * keys, (row + 1) * keys);
  const best = ordered(weights)[0];
  const names = queryTokens.value.slice(0, rows.value).map((each) => each.text);
  const columns = keyTokens.value.map((each) => each.text);
  return <Matrix name="rows" rows={names} columns={columns} chosenRow={row}
    label={`Attention of the ${names.length} tokens so far; the text above says the same`}
    cells={(drawing, layout) => { if (image.value) { drawing.imageSmoothingEnabled = false; drawing.drawImage(image.value, 0, 0, layout.width, layout.height); } }}
    written={(query, key, small) => {
      const weight = known.values[query * keys + key];
      return small || weight < 0.005 ? null : [String(Math.round(100 * weight)), inkOn(of(colours.value, weight / most.value))];
    }}
    say={(query, key) => `${said(names[query])} → ${said(columns[key])} ${percent(known.values[query * keys + key])}`}
    otherwise={best === undefined ? '' : `${said(names[row])} → ${said(columns[best])} ${percent(weights[best])}`} />;
}

/** The text so far, what it was made of shaded by the newest token's attention. */
function Written() {
  const known = matrix.value.value;
  const keys = keyTokens.value;
  const row = rows.value - 1;
  const fits = known && known.shape[0] === queryTokens.value.length && known.shape[1] === keys.length;
  const shareOf = (key: number) => (fits ? known.values[row * keys.length + key] : 0);
  const strongest = keys.reduce((most, each, key) => (!each.special && (most < 0 || shareOf(key) > shareOf(most)) ? key : most), -1);
  const full = (strongest < 0 ? 0 : shareOf(strongest)) || 1;
  const crosses = crossing.value;
  const target = run.value!.tokens.target ?? run.value!.tokens.source ?? [];
  const end = (first.value ?? 0) + shownCount.value;
  return <Card id="written" title="What it reads and writes" how={`The deeper a word’s colour, the more “\u2068${queryTokens.value[row]?.text ?? ''}\u2069” looks at it.`}>
    {crosses && <Flow tokens={keys} around={strongest} word={(i) => ({ share: shareOf(i), full })} />}
    <Flow tokens={target.slice(0, end)} around={end - 1} live
      word={(i) => ({ share: crosses ? 0 : shareOf(i), full, written: i >= first.value!, newest: i === end - 1 })} />
  </Card>;
}

interface Shading { share: number; full: number; written?: boolean; newest?: boolean }

/** A text, or as much of it around a token as a page can hold. */
function Flow({ tokens, around: at, live, word }: { tokens: Token[]; around: number; live?: boolean; word: (i: number) => Shading }) {
  const [from, to] = around(tokens.length, MOST_WORDS, Math.max(0, at));
  return <p class="flow" dir={directionOf(tokens)} aria-live={live ? 'polite' : undefined}>
    {from > 0 && <span class="quiet">… {from} before </span>}
    {tokens.slice(from, to).map((each, i) => <Shaded key={from + i} text={each.text} special={each.special} {...word(from + i)} />)}
    {to < tokens.length && <span class="quiet"> {tokens.length - to} after …</span>}
  </p>;
}

function Shaded({ text, share, full, special, written, newest }: { text: string; share: number; full: number; special: boolean; written?: boolean; newest?: boolean }) {
  const [word, occurrence] = label(text);
  const colour = share > LEAST_SHARE ? of(colours.value, share / full) : null;
  return <span class={`word${special ? ' special' : ''}${written ? ' written' : ''}${newest ? ' newest' : ''}`} dir="auto" title={`${text}: ${percent(share)}`}
    style={colour ? { background: css(colour), color: inkOn(colour) } : undefined}>{word.replace(/^##(?=.)/, '')}{occurrence && <sub>{occurrence}</sub>}</span>;
}

function Reads() {
  const writers = models.value?.models.filter(({ kind, writes }) => writes || kind === 'decoder' || kind === 'encoder-decoder') ?? [];
  return <Card id="reads" title={`${shortName(run.value!.model)} reads; it does not write`}>
    <p>To see a text grow word by word, choose a decoder (such as GPT-2) or an encoder–decoder (such as a translator).</p>
    {writers.length ? <p class="samples">{writers.map(({ name }) => <button type="button" key={name} onClick={() => go({ model: name, stream: null, layer: null, head: null, token: null }, true)}>{shortName(name)}</button>)}</p>
      : <p>None is open yet: <a href="#/models" onClick={(event) => { event.preventDefault(); go({ screen: 'models' }, true); }}>Models</a> opens one.</p>}
  </Card>;
}
