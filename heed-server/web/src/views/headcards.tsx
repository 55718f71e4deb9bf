import { percent } from '../look/percent';
import { at, crossing, rolled, streams } from '../state/look';
import { go, place } from '../state/address';
import { run } from '../state/running';
import type { Stream } from '../data/types';
import { Card } from './card';
import { Switch } from './controls';
import { factsOf, HeadMap, targets } from './headmap';

const NAMES: Record<Stream, string> = { enc: 'Encoder', dec: 'Decoder', cross: 'Cross' };

export function StreamTabs() {
  if (streams.value.length < 2) return null;
  return <Switch name="Which attention" value={at.value!.stream} onChange={(stream) => go({ stream, layer: null, head: null, token: null })}
    options={streams.value.map((stream) => [stream, NAMES[stream]])} />;
}

export function HeadsCard() {
  return <Card id="heads" title="Heads" actions={<StreamTabs />}
    how={<>Each tile is one head in small: rows look, columns are looked at. Layers run from the input at the top to the
      output; both count from 0.</>}>
    <HeadMap label="Heads by layer; arrow keys choose one" chosen={at.value} onChoose={(layer, head) => go({ layer, head })} />
  </Card>;
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
  const where = at.value!;
  const worth = crossing.value ? 'others' : 'linking';
  const best = [...(run.value!.heads[where.stream] ?? [])].sort((a, b) => b[worth] - a[worth]).slice(0, 4);
  return <Card id="worth" title="Worth a look" how={crossing.value ? 'Heads that look at words rather than at special tokens.'
    : 'Heads in which words pick out other words further away.'}>
    <ol class="worth">{best.map(({ layer, head, [worth]: share }) => <li key={`${layer}.${head}`}>
      <button type="button" aria-current={layer === where.layer && head === where.head ? 'true' : undefined}
        onClick={() => go({ layer, head, token: place.value.token })}>
        <b>Layer {layer}, head {head}</b> <span class="quiet">{percent(share)} of its attention links words</span>
      </button>
    </li>)}</ol>
  </Card>;
}
