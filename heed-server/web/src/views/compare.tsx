import { computed } from '@preact/signals';
import { useState } from 'preact/hooks';
import { api } from '../data/api';
import type { Block } from '../data/block';
import type { Comparison, Run } from '../data/types';
import { picture as cells } from '../draw/cells';
import { csv } from '../look/csv';
import { percent } from '../look/percent';
import { gradient, inkOn, of } from '../look/ramp';
import { said } from '../look/words';
import { at, info } from '../state/look';
import { go, place } from '../state/address';
import { resource } from '../state/resource';
import { ask, model, models, run, shortName, text } from '../state/running';
import { differences } from '../state/theme';
import { Card } from './card';
import { Export, file, picture, type Item } from './export';
import { StreamTabs } from './headcards';
import { Matrix } from './matrix';

const here = () => place.value.screen === 'compare';
const other = computed(() => place.value.text2 || (text.value.includes('river bank') ? text.value.replace('river bank', 'city bank') : text.value));
const model2 = computed(() => place.value.model2 || model.value);

const second = resource<Run>(
  () => (here() && run.value ? JSON.stringify([model2.value, other.value]) : null),
  (called) => ask({ model: model2.value, text: other.value }, called),
);

const comparison = resource<Comparison>(
  () => (here() && run.value && second.value.value && at.value ? `${run.value.run}/${second.value.value.run}/${at.value.stream}` : null),
  (called) => api.compare(run.value!.run, second.value.value!.run, at.value!.stream, called),
);

/** The head as the address says, else the one that changed most. */
const head = computed(() => {
  const best = comparison.value.value?.heads[0];
  const { layer, head: wanted } = place.value;
  if (!at.value) return null;
  return layer === null && wanted === null && best ? { ...at.value, layer: best.layer, head: best.head } : at.value;
});

const change = resource<Block>(
  () => (comparison.value.value && head.value
    ? `${run.value!.run}/${second.value.value!.run}/${head.value.stream}/${head.value.layer}/${head.value.head}` : null),
  (called) => api.difference(run.value!.run, second.value.value!.run, head.value!, called),
);

const most = computed(() => {
  const values = change.value.value?.values;
  let greatest = 0;
  if (values) for (const value of values) if (Math.abs(value) > greatest) greatest = Math.abs(value);
  return greatest || 1;
});

const image = computed(() => {
  const known = change.value.value;
  if (!known) return null;
  const [rows, columns] = known.shape;
  return cells(rows, columns, differences.value, (row, column) => 0.5 + known.values[row * columns + column] / most.value / 2);
});

const labels = computed(() => {
  const pairs = comparison.value.value?.pairs ?? [];
  const side = info.value?.queries ?? 'source';
  const [a, b] = [run.value?.tokens[side] ?? [], second.value.value?.tokens[side] ?? []];
  return pairs.map(([i, j]) => {
    const [left, right] = [a[i]?.text, b[j]?.text];
    return left === undefined ? `(${right})` : right === undefined || right === left ? left : `${left}/${right}`;
  });
});

export function Compare() {
  const known = change.value.value;
  const [draft, setDraft] = useState<string | null>(null);
  const error = second.error.value ?? comparison.error.value ?? change.error.value;
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${percent(Math.abs(value)).replace('\u00a0%', '')}`;
  return <div class="narrow">
    <form class="card controls" onSubmit={(event) => { event.preventDefault(); if (draft?.trim()) go({ text2: draft, layer: null, head: null }, true); }}>
      <label class="grow">Compare with <input type="text" dir="auto" value={draft ?? other.value} onInput={(event) => setDraft(event.currentTarget.value)} /></label>
      <label>in <select value={model2.value} onChange={(event) => go({ model2: event.currentTarget.value })}>
        {models.value?.models.map(({ name }) => <option key={name} value={name}>{shortName(name)}</option>)}</select></label>
      <button type="submit" class="main">Compare</button>
      <StreamTabs />
    </form>
    {error && <p class="note trouble" role="alert">{error}</p>}
    {comparison.value.value && <div class="pair">
      <Card id="changed" title="Heads that changed most" how="How much of a word’s attention moved in each head, on average over the words that both texts have.">
        <ol class="worth">{comparison.value.value.heads.slice(0, 10).map(({ layer, head: each, change: by }) => <li key={`${layer}.${each}`}>
          <button type="button" aria-current={head.value?.layer === layer && head.value.head === each ? 'true' : undefined}
            onClick={() => go({ layer, head: each })}><b>Layer {layer}, head {each}</b> <span class="quiet">{percent(by)}</span></button></li>)}</ol>
      </Card>
      <Card id="difference" actions={known && <Export name="this comparison" items={exports(known)} />} title={`What changed in layer ${head.value?.layer}, head ${head.value?.head}`}
        how="A + is more attention in the second text, a − less; words in brackets are only in the second text. Where one side lacks a word, the cell is empty.">
        {known && <Matrix name="difference" label="Change of attention, second text minus first" rows={labels.value} columns={labels.value}
          cells={(drawing, layout) => { if (image.value) { drawing.imageSmoothingEnabled = false; drawing.drawImage(image.value, 0, 0, layout.width, layout.height); } }}
          written={(row, column, small) => {
            const value = known.values[row * known.shape[1] + column];
            const least = small ? most.value / 10 : 0.005;
            return Math.abs(value) >= least ? [small ? signed(value)[0] : signed(value), inkOn(of(differences.value, 0.5 + value / most.value / 2))] : null;
          }}
          say={(row, column) => {
            const value = known.values[row * known.shape[1] + column];
            return `${said(labels.value[row])} → ${said(labels.value[column])} ${Number.isNaN(value) ? 'is only in one text' : `${signed(value)} points`}`;
          }}
          otherwise={`The greatest change is ${percent(most.value)}.`} />}
        <DifferenceLegend />
      </Card>
    </div>}
    {comparison.value.value && known && <GreatestChanges known={known} signed={signed} />}
  </div>;
}

function exports(known: Block): Item[] {
  const columns = known.shape[1];
  const rows = labels.value.map((_, row) => Array.from(known.values.subarray(row * columns, (row + 1) * columns)));
  return [
    picture('difference'),
    file('This head, CSV', 'csv', () => csv(['token', ...labels.value], rows.map((row, i) => [labels.value[i], ...row]))),
    file('This head, JSON', 'json', () => JSON.stringify({ texts: [text.value, other.value], models: [model.value, model2.value], ...head.value,
      tokens: labels.value, change: rows.map((row) => row.map((value) => (Number.isNaN(value) ? null : value))) }, null, 1)),
    file('All heads, CSV', 'csv', () => csv(['layer', 'head', 'change'], comparison.value.value!.heads.map((each) => [each.layer, each.head, each.change]))),
  ];
}

function DifferenceLegend() {
  return <p class="legend"><span>− {percent(most.value)}</span><span class="ramp" style={{ background: gradient(differences.value) }} />
    <span>+ {percent(most.value)}</span></p>;
}

function GreatestChanges({ known, signed }: { known: Block; signed: (value: number) => string }) {
  const columns = known.shape[1];
  const best = Array.from(known.values, (value, i) => [Math.abs(value), i] as const).filter(([size]) => size > 0)
    .sort((a, b) => b[0] - a[0]).slice(0, 8);
  return <Card id="changes" title="The greatest changes"><div class="scroll" tabIndex={0} role="region" aria-label="The greatest changes"><table>
    <thead><tr><th scope="col">From</th><th scope="col">to</th><th scope="col">change in points</th></tr></thead>
    <tbody>{best.map(([, i]) => <tr key={i}><th scope="row" dir="auto">{labels.value[Math.floor(i / columns)]}</th><td><bdi>{labels.value[i % columns]}</bdi></td>
      <td><b>{signed(known.values[i])}</b></td></tr>)}</tbody></table></div></Card>;
}
