import { useEffect, useState } from 'preact/hooks';
import { api } from '../data/api';
import type { SensesOf } from '../data/types';
import { csv } from '../look/csv';
import { percent } from '../look/percent';
import { placed, sentences } from '../look/sentences';
import { go, place } from '../state/address';
import { resource } from '../state/resource';
import { model, opened } from '../state/running';
import { Card } from './card';
import { Export, file, type Item } from './export';

const FIRST_WORD = 'bank';
const [WIDTH, HEIGHT, EDGE] = [520, 360, 14];
/** Colours that people who confuse some tell apart (Okabe and Ito 2008), dark enough for white numbers. */
const COLOURS = ['#0072b2', '#b54a00', '#00785a', '#a34b80', '#7a5600', '#56606d'];

const word = () => place.value.word || FIRST_WORD;

const found = resource<SensesOf>(
  () => (place.value.screen === 'senses' && model.value ? JSON.stringify([model.value, word(), place.value.lines]) : null),
  (called) => opened(model.value, () => api.senses(model.value, word(), place.value.lines ? sentences(place.value.lines) : null, called)),
);

export function Senses() {
  const { lines, token } = place.value;
  const [draft, setDraft] = useState(word());
  const [written, setWritten] = useState(lines);
  useEffect(() => { setDraft(word()); setWritten(lines); }, [place.value.word, lines]);
  const now = found.value.value;
  const chosen = now && token !== null && token < now.sentences.length ? token : 0;
  const depth = now ? Math.min(place.value.depth ?? now.layers.length - 1, now.layers.length - 1) : 0;
  return <div class="narrow">
    <form class="card controls" onSubmit={(event) => { event.preventDefault(); if (draft.trim()) go({ word: draft.trim(), lines: written.trim(), token: null }, true); }}>
      <label>Word <input type="text" dir="auto" value={draft} onInput={(event) => setDraft(event.currentTarget.value)} /></label>
      <label class="grow">Sentences, one a line <textarea rows={2} dir="auto" value={written} spellcheck={false}
        placeholder="None: Heed’s own. A label and a tab may stand before a sentence."
        onInput={(event) => setWritten(event.currentTarget.value)} /></label>
      <button type="submit" class="main">Compare</button>
    </form>
    <Card id="senses" title={`The vectors of “${now?.word ?? word()}”`} actions={now && <Export name="these sentences" items={exports(now)} />}
      how="Each point is the word in one sentence. Points lie near each other where the model gives the word nearly the same vector; the two directions are those in which the vectors differ most.">
      {found.error.value && <p class="note" role="alert">{found.error.value}</p>}
      {!now && !found.error.value && <p class="how">One moment …</p>}
      {now && <div class="pair">
        <div>
          <label class="slider">Layer <input type="range" min={0} max={now.layers.length - 1} value={depth}
            onInput={(event) => go({ depth: Number(event.currentTarget.value) })} /><output>{depth === 0 ? '0, the embeddings' : `${depth} of ${now.layers.length - 1}`}</output></label>
          <Plane now={now} depth={depth} chosen={chosen} />
          <p class="say">{said(now, depth)}</p>
        </div>
        <div>
          <ol class="sentences" aria-label="Sentences">{now.sentences.map((_, i) => <li key={i}><button type="button" aria-pressed={i === chosen}
            onClick={() => go({ token: i })}><Sentence now={now} number={i} /></button></li>)}</ol>
        </div>
      </div>}
    </Card>
    {now && <Card id="near" title="Nearest to the chosen sentence"><Neighbours now={now} depth={depth} chosen={chosen} /></Card>}
  </div>;
}

const colour = (now: SensesOf, i: number) => COLOURS[Math.max(0, now.labels.indexOf(now.sentences[i].label)) % COLOURS.length];

function Sentence({ now, number }: { now: SensesOf; number: number }) {
  const { text, start, end, label } = now.sentences[number];
  return <><span class="number" style={{ background: colour(now, number) }}>{number + 1}</span> {label && <span class="quiet">{label}: </span>}
    <span dir="auto">{text.slice(0, start)}<b>{text.slice(start, end)}</b>{text.slice(end)}</span></>;
}

function Plane({ now, depth, chosen }: { now: SensesOf; depth: number; chosen: number }) {
  const { points, neighbours } = now.layers[depth];
  const places = placed(points, WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE);
  return <svg class="plane" viewBox={`${-EDGE} ${-EDGE} ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${points.length} sentences as points; the list beside it has the same`}>
    {neighbours[chosen].map(([j]) => <line key={j} x1={places[chosen][0]} y1={places[chosen][1]} x2={places[j][0]} y2={places[j][1]} />)}
    {places.map(([x, y], i) => <g key={i} class={i === chosen ? 'chosen' : ''} onClick={() => go({ token: i })}>
      <title>{now.sentences[i].text}</title>
      <circle cx={x} cy={y} r={10} style={{ fill: colour(now, i) }} /><text x={x} y={y + 4}>{i + 1}</text></g>)}
  </svg>;
}

function said(now: SensesOf, depth: number): string {
  const { nearest, meanCosine } = now.layers[depth];
  const alike = `Any two vectors have a cosine of ${meanCosine.toFixed(2)} in the mean.`;
  if (nearest === null) return alike;
  return `For ${percent(nearest)} of the sentences the nearest other one has the same label. ${alike}`;
}

function Neighbours({ now, depth, chosen }: { now: SensesOf; depth: number; chosen: number }) {
  return <><p><Sentence now={now} number={chosen} /></p>
    <div class="scroll" tabIndex={0} role="region" aria-label="Nearest sentences"><table class="nearest">
      <thead><tr><th scope="col">cosine</th><th scope="col">sentence</th></tr></thead>
      <tbody>{now.layers[depth].neighbours[chosen].map(([j, cosine]) => <tr key={j}><td>{cosine.toFixed(3)}</td>
        <td class="wrap"><Sentence now={now} number={j} /></td></tr>)}</tbody>
    </table></div></>;
}

const exports = (now: SensesOf): Item[] => [
  file('Layers, CSV', 'csv', () => csv(['layer', 'mean cosine', 'nearest has the same label', 'silhouette'],
    now.layers.map((layer, i) => [i, layer.meanCosine, layer.nearest, layer.silhouette]))),
  file('Senses, JSON', 'json', () => JSON.stringify(now, null, 1)),
];
