import { computed, signal } from '@preact/signals';
import { api } from '../data/api';
import type { AblationEffect, HeadEffect, Job } from '../data/types';
import { figure } from '../look/percent';
import { at } from '../state/look';
import { go, place } from '../state/address';
import { resource } from '../state/resource';
import { run } from '../state/running';
import { Card } from './card';
import { Choice } from './controls';
import { StreamTabs } from './headcards';
import { HeadMap } from './headmap';
import { Predictions } from './predictions';

const effect = resource<AblationEffect>(
  () => (place.value.screen === 'ablate' && run.value?.predictions && place.value.off.length
    ? JSON.stringify([run.value.run, place.value.off, place.value.ablation]) : null),
  (called) => api.ablate(run.value!.run, place.value.off, place.value.ablation, called),
);

/** Each head alone: found once per run, stream and way of switching off. */
const ranking = signal<{ key: string; heads: HeadEffect[] } | null>(null);
const working = signal<Job | null>(null);
const failure = signal<string | null>(null);
const rankingKey = computed(() => (run.value && at.value ? `${run.value.run}/${at.value.stream}/${place.value.ablation}` : ''));
const ranked = computed(() => (ranking.value?.key === rankingKey.value ? ranking.value.heads : null));

async function each(): Promise<void> {
  const key = rankingKey.value;
  failure.value = null;
  try {
    const { job } = await api.ablateEach(run.value!.run, at.value!.stream, place.value.ablation);
    const done = await api.follow(job, (now) => { working.value = now; });
    ranking.value = { key, heads: done.result as HeadEffect[] };
  } catch (reason) {
    failure.value = (reason as Error).message;
  } finally {
    working.value = null;
  }
}

const isOff = (layer: number, head: number) => place.value.off.some((each_) => each_.stream === at.value!.stream && each_.layer === layer && each_.head === head);

function turn(layer: number, head: number): void {
  const stream = at.value!.stream;
  const off = isOff(layer, head) ? place.value.off.filter((each_) => !(each_.stream === stream && each_.layer === layer && each_.head === head))
    : [...place.value.off, { stream, layer, head }];
  go({ off });
}

export function Ablate() {
  if (!run.value || !at.value) return null;
  if (!run.value.predictions?.at.length) return <Nothing />;
  const now = effect.value.value;
  const tokens = (side: 'source' | 'target') => run.value!.tokens[side] ?? [];
  const most = Math.max(1e-12, ...(ranked.value ?? []).map(({ kl }) => kl));
  const klOf = (layer: number, head: number) => ranked.value?.find((each_) => each_.layer === layer && each_.head === head)?.kl ?? null;
  return <div class="columns">
    <aside>
      <Card id="switches" title="Heads as switches" actions={<StreamTabs />}
        how="Choose a head to switch it off, and again to switch it on. What does the model expect without it?">
        <HeadMap label="Switches of heads by layer; arrow keys move, Enter switches" off={isOff} onChoose={turn}
          chosen={null} value={ranked.value ? (layer, head) => { const kl = klOf(layer, head); return kl === null ? null : kl / most; } : undefined}
          describe={ranked.value ? (layer, head) => `Layer ${layer}, head ${head}: changes predictions by ${figure(klOf(layer, head) ?? NaN)} nats alone` : undefined} />
        <div class="controls">
          <Choice name="Switched off, a head gives" value={place.value.ablation} onChange={(ablation) => go({ ablation })}
            options={[['zero', 'nothing (zero)'], ['mean', 'its mean over the words']]} />
          <button type="button" class="plain" disabled={!place.value.off.length} onClick={() => go({ off: [] })}>All on</button>
        </div>
      </Card>
      <Card id="alone" title="Each head alone" how="Switch every head off once, by itself, and rank them by how much predictions change.">
        {working.value ? <p class="how" role="status">{working.value.message} <progress value={working.value.done} max={working.value.total ?? undefined} aria-label="Progress" /></p>
          : !ranked.value && <button type="button" class="main" onClick={each}>Try each head</button>}
        {failure.value && <p class="note" role="alert">{failure.value}</p>}
        {ranked.value && <ol class="worth">{[...ranked.value].sort((a, b) => b.kl - a.kl).slice(0, 10).map(({ layer, head, kl, deltaLogProbability }) => <li key={`${layer}.${head}`}>
          <button type="button" aria-pressed={isOff(layer, head)} onClick={() => turn(layer, head)}><b>Layer {layer}, head {head}</b>
            <span class="quiet"> {figure(kl)} nats · log-probability {figure(deltaLogProbability)}</span></button></li>)}</ol>}
      </Card>
    </aside>
    <div class="views">
      <Card id="effect" title={place.value.off.length ? `Without ${place.value.off.length === 1 ? 'one head' : `${place.value.off.length} heads`}` : 'With all heads'}
        how={place.value.off.length ? 'Heads are many and share their work: often the loss of one changes little.' : 'Switch a head off to see what changes.'}>
        {effect.error.value && <p class="note" role="alert">{effect.error.value}</p>}
        {now && place.value.off.length > 0 && <dl class="figures">
          <div><dt>Predictions moved by (KL)</dt><dd>{figure(now.kl)} nats</dd></div>
          <div><dt>Log-probability of the former best</dt><dd>{now.deltaLogProbability > 0 ? '+' : ''}{figure(now.deltaLogProbability)}</dd></div>
        </dl>}
        <div class="pair even">
          <section><h3>Before</h3><Predictions said={now?.before ?? run.value.predictions} tokens={tokens} /></section>
          {now && place.value.off.length > 0 && <section><h3>After</h3><Predictions said={now.after} before={now.before} tokens={tokens} /></section>}
        </div>
      </Card>
    </div>
  </div>;
}

function Nothing() {
  const fills = run.value!.kind === 'encoder';
  return <div class="narrow"><Card id="nothing" title="There is no prediction to change yet">
    <p>{fills ? 'A model of this kind predicts masked words. Mask a word on Explore (choose it, then M), in a model that fills in words, such as bert-base-uncased.'
      : 'Choose a model that writes or fills in words.'}</p>
  </Card></div>;
}
