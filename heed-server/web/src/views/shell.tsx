import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { bytes } from '../look/percent';
import { go, place } from '../state/address';
import { again, choose, job, lent, model, modelInfo, models, run, runs, shortName, text, trouble, waiting } from '../state/running';
import type { Place, Screen } from '../state/place';
import { FIRST_ORDER, SAMPLES, type Sample } from '../state/samples';
import { Ablate } from './ablate';
import { Claims } from './claims';
import { Compare } from './compare';
import { Explore } from './explore';
import { Generate } from './generate';
import { Heads } from './heads';
import { ModelsScreen } from './models';
import { Order } from './order';
import { ReviewsScreen } from './reviews';
import { Rnn } from './rnn';
import { Senses } from './senses';
import { Steps } from './steps';

const TABS: [Screen, string][] = [['explore', 'Explore'], ['steps', 'Step by step'], ['compare', 'Compare'], ['ablate', 'Ablate'],
  ['order', 'Order'], ['senses', 'Senses'], ['heads', 'Heads'], ['generate', 'Generate'], ['rnn', 'RNN beside'], ['claims', 'Claims'], ['models', 'Models'], ['reviews', 'Reviews']];

const VIEWS: Record<Screen, () => JSX.Element | null> = { explore: Explore, steps: Steps, compare: Compare, ablate: Ablate,
  order: Order, senses: Senses, heads: Heads, generate: Generate, rnn: Rnn, claims: Claims, models: ModelsScreen, reviews: ReviewsScreen };

/** Networks that know nothing read a text without a model. */
const reads = (screen: Screen) => runs(screen) || screen === 'rnn';

const TOLD = 'heed.guide.seen';
const guide = signal(!seen());

function seen(): boolean {
  try {
    return localStorage.getItem(TOLD) === 'yes';
  } catch {
    return false;
  }
}

function closeGuide(): void {
  guide.value = false;
  try {
    localStorage.setItem(TOLD, 'yes');
  } catch {
    // Then it is shown again next time.
  }
}

export function Shell() {
  const { screen } = place.value;
  const View = VIEWS[screen];
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${TABS.find(([name]) => name === screen)![1]} · Where each word looks · Heed`;
    tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [screen]);
  const needsRun = runs(screen);
  const shown = TABS.filter(([name]) => name !== 'reviews' || models.value?.reviews || screen === name);
  return <>
    <a class="skip" href="#screen" onClick={(event) => { event.preventDefault(); document.getElementById('screen')?.focus(); }}>Skip to the screen</a>
    <header>
      <div class="title">
        <h1>{screen === 'reviews' ? 'Comments that wait' : 'Where each word looks'}</h1>
        {screen === 'reviews' ? <p class="lede">The policy wants somebody to look at these. Read one, see why it is here, and decide.</p> : <p class="lede">To understand a word, a Transformer lets it look at the others. Each of its <b>heads</b> does that in its own
          way: it shares out 100&nbsp;% of every word’s attention over the text.</p>}
      </div>
      {screen !== 'reviews' && <Input />}
      {guide.value && screen === 'explore' && <Guide />}
    </header>
    <nav aria-label="Screens" ref={tabs}><ul>{shown.map(([name, title]) => <li key={name}>
      <a href={`#/${name}`} aria-current={screen === name ? 'page' : undefined}
        onClick={(event) => { event.preventDefault(); go({ screen: name, step: 0 }, true); }}>{title}</a></li>)}</ul></nav>
    <Status />
    <main id="screen" tabIndex={-1} aria-busy={needsRun && waiting.value}>
      {needsRun && !run.value && !trouble.value && <p class="card empty">{waiting.value || !models.value ? 'One moment …' : ''}</p>}
      {(!needsRun || run.value) && <View />}
    </main>
    <footer><p>Attention says where a head reads from. By itself it does not explain what the model answers (Jain and Wallace 2019;
      Wiegreffe and Pinter 2019). Everything here runs on this computer: nothing leaves it.</p></footer>
  </>;
}

function Input() {
  const [draft, setDraft] = useState(text.value);
  useEffect(() => { setDraft(text.value); }, [text.value]);
  const [pair, setPair] = useState(place.value.pair);
  useEffect(() => { setPair(place.value.pair); }, [place.value.pair]);
  const kind = modelInfo.value?.kind ?? run.value?.kind;
  const submit = (event?: Event) => {
    event?.preventDefault();
    if (!draft.trim()) {
      trouble.value = 'There is no text yet: write a sentence, or take one of those below.';
      return;
    }
    if (lent.value !== null) {
      lent.value = draft;
      if (pair !== place.value.pair) go({ pair }, true);
      else again();
    } else if (draft === text.value && pair === place.value.pair) again();
    else go({ text: draft, pair, token: null, other: null, masked: [], off: [] }, true);
  };
  const reading = reads(place.value.screen);
  const pairName = kind === 'encoder-decoder' ? 'Translation or answer (else the model writes it)' : 'Second text';
  return <form class="input" onSubmit={submit}>
    <div class="fields">
      <label class="model">Model
        <select value={model.value} onChange={(event) => go({ model: event.currentTarget.value, stream: null, layer: null, head: null,
          token: null, masked: [], off: [], pair: '' }, true)}>
          {!models.value?.models.some(({ name }) => name === model.value) && <option value={model.value}>{shortName(model.value) || '…'}</option>}
          {models.value?.models.map(({ name, state }) => <option key={name} value={name}>{shortName(name)}{state === 'absent' ? ' (to download)' : ''}</option>)}
        </select>
      </label>
      {reading && <><label class="text">Text
        <textarea rows={1} value={draft} dir="auto" spellcheck={false} onInput={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={(event) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event); }} />
      </label>
      <button type="submit" class="main">Look</button></>}
    </div>
    {reading && kind && kind !== 'decoder' && <details class="pairing" open={pair !== ''}><summary>{pairName}</summary>
      <input type="text" value={pair} dir="auto" aria-label={pairName} onInput={(event) => setPair(event.currentTarget.value)} /></details>}
    <Samples />
  </form>;
}

const CLEAN: Partial<Place> = { pair: '', layer: null, head: null, token: null, other: null, masked: [], off: [], direction: 'out', step: 0 };

function take({ text: wanted, word, place: elsewhere }: Sample): void {
  if (elsewhere) return go({ ...CLEAN, ...elsewhere }, true);
  choose(word ?? null);
  const same = run.value && wanted === text.value && place.value.screen === 'explore' && !place.value.masked.length;
  go({ ...CLEAN, screen: 'explore', text: wanted }, true);
  if (same) again();
}

function isShown({ text: wanted, place: elsewhere }: Sample): boolean {
  const { screen, text: here, text2 } = place.value;
  if (!elsewhere) return wanted === text.value && screen !== 'order' && screen !== 'compare';
  const other = screen === 'order' && !(here && text2) ? FIRST_ORDER : [here, text2];
  return screen === elsewhere.screen && other[0] === elsewhere.text && other[1] === elsewhere.text2;
}

/** Sentences to begin with, and what to look for in the one that is shown. */
function Samples() {
  const shown = SAMPLES.find(isShown);
  return <div class="samples">
    <p><span class="quiet">Try</span> {SAMPLES.map((sample) => <button type="button" key={sample.text} title={sample.look}
      onClick={() => take(sample)} aria-pressed={isShown(sample)}>{sample.text}</button>)}
      {!guide.value && place.value.screen === 'explore' && <button type="button" class="help" onClick={() => { guide.value = true; }}>What do I see?</button>}</p>
    {shown && (place.value.screen === 'explore' || shown.place) && <p class="hint">{shown.look}</p>}
  </div>;
}

function Guide() {
  return <section class="guide" aria-labelledby="guide-title">
    <h2 id="guide-title">New here?</h2>
    <ol>
      <li><b>Choose a word</b> in the text. The others turn the deeper, the more of its attention they get.</li>
      <li><b>Choose a head</b>, a tile of the head map. Each looks for something else: the word before, the subject, a full stop.</li>
      <li><b>Read it</b> as lines, as a matrix, or as numbers: all three show the same head.</li>
    </ol>
    <button type="button" class="plain" onClick={closeGuide}>Close</button>
  </section>;
}

/** What is going on, and what went wrong and what to do. */
function Status() {
  const now = job.value;
  const share = now?.total ? Math.round((100 * now.done) / now.total) : null;
  return <div class="status" role="status" aria-live="polite">
    {now && <p class="note">{now.message}{now.total ? `: ${bytes(now.done)} of ${bytes(now.total)}` : ''}
      <progress value={share ?? undefined} max={100} aria-label="Progress" /></p>}
    {waiting.value && !now && <p class="waiting">Running the text …</p>}
    {trouble.value && <p class="note trouble" role="alert">{trouble.value} <button type="button" class="plain"
      onClick={() => { trouble.value = null; again(); }}>Try again</button></p>}
  </div>;
}
