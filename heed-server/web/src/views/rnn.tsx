import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../data/api';
import type { SideBySide } from '../data/types';
import { count } from '../look/percent';
import { go, place } from '../state/address';
import { resource } from '../state/resource';
import { text } from '../state/running';
import { Card } from './card';

const PACE = 700; // milliseconds from word to word

const playing = signal(false);

const found = resource<SideBySide>(
  () => (place.value.screen === 'rnn' && text.value.trim() ? text.value.trim() : null),
  (called) => api.sideBySide(text.value.trim(), called),
);

/** The same text handed on word by word, and read all at once. */
export function Rnn() {
  const now = found.value.value;
  const words = now?.words ?? [];
  const step = Math.min(place.value.step, words.length);
  const chosen = Math.min(place.value.token ?? words.length - 1, words.length - 1);
  const set = (wanted: number) => go({ step: Math.min(words.length, Math.max(0, wanted)) });
  useEffect(() => {
    if (!playing.value) return;
    if (step === words.length) { playing.value = false; return; }
    const timer = setTimeout(() => set(step + 1), PACE);
    return () => clearTimeout(timer);
  }, [playing.value, step, words.length]);
  if (found.error.value) return <p class="note trouble" role="alert">{found.error.value}</p>;
  if (!now) return <p class="card empty">One moment …</p>;
  const [lstm, transformer] = now.readers;
  return <div class="narrow">
    <Card id="rnn" title="One word after the other, and all at once"
      how="An RNN hands one state from word to word. In a Transformer every word looks at all words up to it, in the same step.">
      <div class="controls" role="group" aria-label="Steps">
        <button type="button" onClick={() => set(step - 1)} disabled={step === 0}>Back</button>
        <button type="button" class="main" onClick={() => { if (!playing.value && step === words.length) set(0); playing.value = !playing.value; }}>
          {playing.value ? 'Pause' : 'Play'}</button>
        <button type="button" onClick={() => set(step + 1)} disabled={step === words.length}>Next</button>
        <span aria-live="polite">step {step} of {words.length}</span>
      </div>
      <Row name={lstm.name} words={words} read={step} chosen={chosen} handed />
      <Row name={transformer.name} words={words} read={step === 0 ? 0 : words.length} chosen={chosen} />
      <p class="say" id="told">{telling(words, step)}</p>
    </Card>
    <Card id="influence" title={<>What “<bdi>{words[chosen]}</bdi>” knows of the words before it</>}
      how="Choose a word above. Influence is the gradient of its last state with respect to each word, as a share of the greatest, measured in networks that have not learned yet: learning has to begin with it.">
      <div class="scroll" tabIndex={0} role="region" aria-label="Influence"><table>
        <thead><tr><th scope="col">Word</th><th scope="col">Steps in the {lstm.name}</th><th scope="col">Influence</th>
          <th scope="col">Steps in the {transformer.name}</th><th scope="col">Influence</th></tr></thead>
        <tbody>{words.slice(0, chosen + 1).map((word, i) => <tr key={i}>
          <th scope="row"><bdi>{word}</bdi></th>
          <td>{chosen - i}</td><td><Share of={lstm.influence[chosen][i]} /></td>
          <td>{i === chosen ? 0 : 1}</td><td><Share of={transformer.influence[chosen][i]} /></td>
        </tr>)}</tbody>
      </table></div>
    </Card>
    <Card id="cost" title="What it costs" how="Both have two layers and as many parameters. On thousands of processors the chain decides; on a few, what each step has to do.">
      <div class="scroll" tabIndex={0} role="region" aria-label="Cost"><table>
        <thead><tr><th scope="col" /><th scope="col">Parameters</th><th scope="col">Operations that wait for each other</th><th scope="col">Time here</th></tr></thead>
        <tbody>{now.readers.map((reader) => <tr key={reader.name}><th scope="row">{reader.name}</th><td>{count(reader.parameters)}</td>
          <td>{reader.chain.toLocaleString('en')}</td><td>{reader.milliseconds.toFixed(2)} ms</td></tr>)}</tbody>
      </table></div>
    </Card>
  </div>;
}

function telling(words: string[], step: number): string {
  if (step === 0) return 'Nothing is read yet. Play, or go step by step.';
  if (step === words.length) return `The RNN is through after ${words.length} steps; the Transformer was after the first.`;
  return `The RNN has read “${words[step - 1]}”, and hands its state on to “${words[step]}”. The Transformer has read everything.`;
}

function Row({ name, words, read, chosen, handed = false }: { name: string; words: string[]; read: number; chosen: number; handed?: boolean }) {
  return <div class="reading">
    <h3>{name}</h3>
    <ol aria-label={`${name}: ${read} of ${words.length} words read`}>{words.map((word, i) => <li key={i} class={i < read ? 'read' : undefined}>
      {handed && i > 0 && <span class="handed" aria-hidden="true">→</span>}
      <button type="button" dir="auto" aria-pressed={i === chosen} onClick={() => go({ token: i })}>{word}</button></li>)}</ol>
  </div>;
}

const Share = ({ of }: { of: number }) => <><meter min={0} max={1} value={of} aria-label="Influence" /> {shown(of)}</>;

const shown = (share: number) => (share >= 0.01 ? `${Math.round(100 * share)} %` : share === 0 ? '0' : share.toExponential(0).replace('e', ' · 10^'));
