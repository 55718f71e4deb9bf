import { api } from '../data/api';
import type { AblationEffect } from '../data/types';
import { csv } from '../look/csv';
import { figure } from '../look/percent';
import { effectSaid, sizeOf } from '../look/tiles';
import { at } from '../state/look';
import { go, place } from '../state/address';
import { effects } from '../state/effects';
import { resource } from '../state/resource';
import { modelInfo, run } from '../state/running';
import { Card } from './card';
import { Choice } from './controls';
import { Export, file, picture, type Item } from './export';
import { EffectProgress, StreamTabs, tinted } from './headcards';
import { HeadMap } from './headmap';
import { Predictions } from './predictions';

const effect = resource<AblationEffect>(
  () => (place.value.screen === 'ablate' && run.value && place.value.off.length
    ? JSON.stringify([run.value.run, place.value.off, place.value.ablation]) : null),
  (called) => api.ablate(run.value!.run, place.value.off, place.value.ablation, called),
);

const isOff = (layer: number, head: number) => place.value.off.some((each_) => each_.stream === at.value!.stream && each_.layer === layer && each_.head === head);

function turn(layer: number, head: number): void {
  const stream = at.value!.stream;
  const off = isOff(layer, head) ? place.value.off.filter((each_) => !(each_.stream === stream && each_.layer === layer && each_.head === head))
    : [...place.value.off, { stream, layer, head }];
  go({ off });
}

export function Ablate() {
  if (!run.value || !at.value) return null;
  const now = effect.value.value;
  const { off } = place.value;
  const tint = place.value.tiles === 'effect' ? tinted.value : null;
  return <div class="columns">
    <aside>
      <Card id="switches" title="Heads as switches" actions={<StreamTabs />}
        how="Choose a head to switch it off, and again to switch it on. What does the model make of the text without it?">
        <HeadMap label="Switches of heads by layer; arrow keys move, Enter switches" off={isOff} onChoose={turn}
          chosen={null} value={tint?.value} describe={tint?.said} />
        <div class="controls">
          <Choice name="Switched off, a head gives" value={place.value.ablation} onChange={(ablation) => go({ ablation })}
            options={[['zero', 'nothing (zero)'], ['mean', 'its mean over the words']]} />
          <button type="button" class="plain" disabled={!off.length} onClick={() => go({ off: [] })}>All on</button>
        </div>
      </Card>
      <Card id="alone" title="Each head alone" how="Switch every head off once, by itself, and rank them by how much changes.">
        {place.value.tiles !== 'effect' && <button type="button" class="main" onClick={() => go({ tiles: 'effect' })}>Try each head</button>}
        <EffectProgress />
        {tint && effects.value && <ol class="worth">{[...effects.value].sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, 10).map((each) => <li key={`${each.layer}.${each.head}`}>
          <button type="button" aria-pressed={isOff(each.layer, each.head)} onClick={() => turn(each.layer, each.head)}><b>Layer {each.layer}, head {each.head}</b>
            <span class="quiet"> {effectSaid(each)}{each.deltaLogProbability !== null && `, the best by ${signed(each.deltaLogProbability)} log-probability`}</span></button></li>)}</ol>}
      </Card>
    </aside>
    <div class="views">
      <Card id="effect" title={off.length ? `Without ${off.length === 1 ? 'one head' : `${off.length} heads`}` : 'With all heads'} actions={<Export name="ablation" items={exports()} />}
        how={off.length ? 'Heads are many and share their work: often the loss of one changes little.' : 'Switch a head off to see what changes.'}>
        {effect.error.value && <p class="note" role="alert">{effect.error.value}</p>}
        {now && off.length > 0 && <Figures now={now} />}
        {!run.value.predictions?.at.length && <Unpredicting />}
        {run.value.predictions && <Expected now={off.length ? now : null} />}
      </Card>
    </div>
  </div>;
}

const signed = (value: number) => `${value > 0 ? '+' : ''}${figure(value).replace('-', '−')}`;

function Figures({ now }: { now: AblationEffect }) {
  return <dl class="figures">
    {now.kl !== null && <div><dt>Predictions moved by (KL)</dt><dd>{figure(now.kl)} nats</dd></div>}
    {now.deltaLogProbability !== null && <div><dt>Log-probability of the former best</dt><dd>{signed(now.deltaLogProbability)}</dd></div>}
    <div><dt>The text’s vector turned by (1 − cosine)</dt><dd>{figure(Math.max(0, 1 - now.cosine))}</dd></div>
  </dl>;
}

function Expected({ now }: { now: AblationEffect | null }) {
  const tokens = (side: 'source' | 'target') => run.value!.tokens[side] ?? [];
  return <div class="pair even">
    <section><h3>Before</h3><Predictions said={now?.before ?? run.value!.predictions!} tokens={tokens} /></section>
    {now?.after && <section><h3>After</h3><Predictions said={now.after} before={now.before ?? undefined} tokens={tokens} /></section>}
  </div>;
}

/** Without a prediction to change, the vector of the text is what heads work for. */
function Unpredicting() {
  return <p class="note">{modelInfo.value?.fills ? 'Mask a word on Explore (choose it, then M) to see what the model expects there with and without a head.'
    : 'This model predicts no words. What changes is the vector of the text: the mean of its last hidden states, which sentence embeddings are made of.'}</p>;
}

function exports(): Item[] {
  const now = effect.value.value;
  const found = effects.value;
  return [
    picture('heads'),
    ...(now && place.value.off.length ? [file('Heads switched off, JSON', 'json', () => JSON.stringify({ model: run.value!.model, off: place.value.off,
      ablation: place.value.ablation, kl: now.kl, deltaLogProbability: now.deltaLogProbability, cosine: now.cosine, before: now.before, after: now.after }, null, 1))] : []),
    ...(found ? [file('Each head alone, CSV', 'csv', () => csv(['layer', 'head', 'kl', 'deltaLogProbability', 'cosine'],
      found.map((each) => [each.layer, each.head, each.kl, each.deltaLogProbability, each.cosine])))] : []),
  ];
}
