import { computed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Stream } from '../data/types';
import { percent } from '../look/percent';
import { gradient } from '../look/ramp';
import { effectSaid, MEASURES, sizeOf } from '../look/tiles';
import { said } from '../look/words';
import { go, place } from '../state/address';
import { effects, failure, working } from '../state/effects';
import { at, crossing, keyTokens, queryTokens, rolled, streams, tellingHeads } from '../state/look';
import { TILES, type Tiles } from '../state/place';
import { run } from '../state/running';
import { colours } from '../state/theme';
import { Card } from './card';
import { Choice, Switch } from './controls';
import { factsOf, HeadMap, targets } from './headmap';
import { chosenText } from './saying';

const NAMES: Record<Stream, string> = { enc: 'Encoder', dec: 'Decoder', cross: 'Cross' };

export function StreamTabs() {
  if (streams.value.length < 2) return null;
  return <Switch name="Which attention" value={at.value!.stream} onChange={(stream) => go({ stream, layer: null, head: null, token: null })}
    options={streams.value.map((stream) => [stream, NAMES[stream]])} />;
}

const TILE_NAMES: [Tiles, string][] = TILES.map((tiles) => [tiles, tiles === 'pictures' ? 'each head in small'
  : tiles === 'effect' ? 'ablation effect' : MEASURES[tiles].name]);

export function HeadsCard() {
  const { tiles } = place.value;
  const tint = tinted.value;
  return <Card id="heads" title="Heads" actions={<StreamTabs />}
    how={tiles === 'pictures' ? <>Each tile is one head in small: rows look, columns are looked at. Layers run from the input at the top to the
      output; both count from 0.</> : tiles === 'effect' ? EFFECT : MEASURES[tiles].how}>
    <HeadMap label="Heads by layer; arrow keys choose one" chosen={at.value} onChoose={(layer, head) => go({ layer, head })}
      value={tint?.value} describe={tint?.said} />
    <EffectProgress />
    {tint && <TintLegend {...tint} />}
    <div class="controls"><Choice name="Tiles show" value={tiles} onChange={(chosen) => go({ tiles: chosen })}
      options={crossing.value ? TILE_NAMES.filter(([name]) => name !== 'distance' && name !== 'linking') : TILE_NAMES} /></div>
  </Card>;
}

const EFFECT = 'The deeper a tile, the more changes when this head alone is taken out (Michel et al. 2019).';

const MOST_NAMED = 5;

interface Tint {
  value: (layer: number, head: number) => number | null;
  said: (layer: number, head: number) => string;
  most: string;
  best: { layer: number; head: number; said: string }[];
}

/** What tiles are coloured by, if not by what they look at. */
export const tinted = computed<Tint | null>(() => {
  const { tiles } = place.value;
  if (tiles === 'pictures' || !at.value) return null;
  if (tiles !== 'effect') {
    const measure = MEASURES[tiles];
    return tint(run.value!.heads[at.value.stream] ?? [], measure.of, (facts) => measure.said(measure.of(facts)));
  }
  return effects.value && tint(effects.value, sizeOf, effectSaid);
});

function tint<T extends { layer: number; head: number }>(heads: T[], of: (head: T) => number, said: (head: T) => string): Tint | null {
  if (!heads.length) return null;
  const ordered = [...heads].sort((a, b) => of(a) - of(b));
  const most = of(ordered[ordered.length - 1]) || 1;
  const byPlace = new Map(heads.map((each) => [`${each.layer}.${each.head}`, each]));
  const find = (layer: number, head: number) => byPlace.get(`${layer}.${head}`);
  return {
    value: (layer, head) => { const each = find(layer, head); return each ? of(each) / most : null; },
    said: (layer, head) => { const each = find(layer, head); return `Layer ${layer}, head ${head}${each ? `: ${said(each)}` : ''}`; },
    most: said(ordered[ordered.length - 1]),
    best: ordered.slice(-MOST_NAMED).reverse().map((each) => ({ layer: each.layer, head: each.head, said: said(each) })),
  };
}

function TintLegend({ most }: Tint) {
  return <p class="legend"><span>0</span><span class="ramp" style={{ background: gradient(colours.value) }} /><span>{most}</span></p>;
}

/** How far the job is that takes out each head, and what went wrong with it. */
export function EffectProgress() {
  if (place.value.tiles !== 'effect') return null;
  const now = working.value;
  return <>
    {now && <p class="how" role="status">Taking out each head: {now.done} of {now.total ?? '…'}{' '}
      <progress value={now.done} max={now.total ?? undefined} aria-label="Heads taken out" /></p>}
    {failure.value && <p class="note" role="alert">{failure.value}</p>}
  </>;
}

export function ProfileCard() {
  const where = at.value!;
  const facts = factsOf(where.layer, where.head);
  if (!facts) return null;
  return <Card id="profile" title={<span aria-live="polite">Layer {where.layer}, head {where.head}{rolled.value ? ' (all, by rollout)' : ''}</span>}
    how="Where the attention of its words goes, on average:">
    <ul class="bars">{targets(facts).map(([name, share]) => <li key={name}>
      <span>{name}</span><span class="bar"><i style={{ width: `${100 * share}%` }} /></span><span class="share">{percent(share)}</span>
    </li>)}</ul>
    <p class="how">{crossing.value ? 'It' : `It looks ${facts.distance.toFixed(1)} tokens away on average and`} spreads over
      about {Math.max(1, Math.round(2 ** facts.entropy))} tokens ({facts.entropy.toFixed(1)} bits).</p>
  </Card>;
}

export function WorthCard() {
  const tint = tinted.value;
  return tint ? <Named title="First by this measure" heads={tint.best} /> : <Linking />;
}

function Named({ title, how, heads }: { title: ComponentChildren; how?: string; heads: Tint['best'] }) {
  const where = at.value!;
  return <Card id="worth" title={title} how={how}>
    <ol class="worth">{heads.map(({ layer, head, said }) => <li key={`${layer}.${head}`}>
      <button type="button" aria-current={layer === where.layer && head === where.head ? 'true' : undefined}
        onClick={() => go({ layer, head, token: place.value.token })}>
        <b>Layer {layer}, head {head}</b> <span class="quiet">{said}</span>
      </button>
    </li>)}</ol>
  </Card>;
}

/** Heads in which the chosen word picks out other words; of a long text, in which all words do. */
function Linking() {
  const word = tellingHeads.value?.filter(({ other }) => other >= 0);
  if (word?.length) {
    const out = place.value.direction === 'out';
    const tokens = (out ? keyTokens : queryTokens).value;
    return <Named title={<>Worth a look from “<bdi>{chosenText()}</bdi>”</>} how={out ? 'Heads in which it looks at a word more than other words do.'
      : 'Heads in which a word looks at it more than at others.'}
      heads={word.slice(0, MOST_NAMED).map(({ layer, head, other, share }) => ({ layer, head,
        said: `${out ? '→' : '←'} ${said(tokens[other].text)} ${percent(share)}` }))} />;
  }
  const worth = crossing.value ? 'others' : 'linking';
  const best = [...(run.value!.heads[at.value!.stream] ?? [])].sort((a, b) => b[worth] - a[worth]).slice(0, MOST_NAMED);
  return <Named title="Worth a look" how={crossing.value ? 'Heads that look at words rather than at special tokens.'
    : 'Heads in which words pick out other words further away.'}
    heads={best.map(({ layer, head, [worth]: share }) => ({ layer, head, said: `${percent(share)} of its attention links words` }))} />;
}
