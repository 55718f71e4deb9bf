import { signal } from '@preact/signals';
import { api } from '../data/api';
import type { BestOfRole, RolesOf } from '../data/types';
import { csv } from '../look/csv';
import { percent } from '../look/percent';
import { go, place } from '../state/address';
import { resource } from '../state/resource';
import { model, modelInfo, opened } from '../state/running';
import { Card } from './card';
import { Export, file, type Item } from './export';

/** The model whose heads somebody wants to know: it takes seconds, or minutes with a large one. */
const asked = signal('');
const progress = signal('');

const found = resource<RolesOf>(
  () => (place.value.screen === 'heads' && asked.value === model.value && model.value ? model.value : null),
  find,
);

async function find(called: AbortSignal): Promise<RolesOf> {
  progress.value = 'One moment …';
  const { job } = await opened(model.value, () => api.headRoles(model.value));
  called.addEventListener('abort', () => { api.callOff(job).catch(() => {}); });
  const done = await api.follow(job, (now) => { if (!called.aborted) progress.value = now.message; });
  return done.result as RolesOf;
}

export function Heads() {
  const now = found.value.value;
  const waiting = asked.value === model.value && !now && !found.error.value;
  return <div class="narrow">
    <Card id="roles" title="What do heads do?" actions={now && <Export name="these roles" items={exports(now)} />}
      how="Sentences are put together so that it is known which words belong together. Heads are chosen on one half of them and scored on the other, beside the best fixed distance and a network with random weights.">
      {!now && <button type="button" class="main" disabled={waiting} onClick={() => { asked.value = model.value; }}>Look for roles</button>}
      <p class="how" role="status">{waiting ? progress.value : ''}</p>
      {found.error.value && <p class="note" role="alert">{found.error.value}</p>}
      {now && <>
        <div class="scroll" tabIndex={0} role="region" aria-label="Roles"><table>
          <thead><tr><th scope="col">Role</th><th scope="col">best head</th><th scope="col">right</th><th scope="col">95 %</th>
            <th scope="col">best distance</th><th scope="col">random weights</th><th scope="col">q</th><th scope="col">heads</th><th scope="col">of</th><th scope="col">look</th></tr></thead>
          <tbody>{now.roles.map((role) => <Role key={role.role} role={role} />)}</tbody>
        </table></div>
        <p class="say">{now.falseShare === null ? '' : `Of a network with random weights, ${percent(now.falseShare)} of heads and roles pass the same test.`}</p>
      </>}
    </Card>
  </div>;
}

function Role({ role }: { role: BestOfRole }) {
  const stream = modelInfo.value?.kind === 'decoder' ? 'dec' : 'enc';
  const show = () => go({ screen: 'explore', text: role.examples[0], pair: '', stream, layer: role.layer, head: role.head, token: null, masked: [], off: [] }, true);
  return <tr><th scope="row" class="wrap">{role.role} <span class="told">{role.description}</span></th><td>{role.layer}.{role.head}</td>
    <td>{percent(role.rate)}</td><td>{percent(role.interval[0])} to {percent(role.interval[1])}</td>
    <td>{role.offset === null || role.offsetRate === null ? '–' : `${role.offset > 0 ? '+' : '−'}${Math.abs(role.offset)}: ${percent(role.offsetRate)}`}</td>
    <td>{role.randomRate === null ? '–' : percent(role.randomRate)}</td><td>{chance(role.q)}</td>
    <td>{role.found}</td><td>{role.asked}</td>
    <td>{role.examples.length > 0 && <button type="button" class="plain" onClick={show} aria-label={`Show ${role.role} in a sentence`}>in a sentence</button>}</td></tr>;
}

/** The least rate of false discoveries at which the head has the role. */
const chance = (q: number | null) => (q === null ? '–' : q < 0.001 ? '< 0.001' : q.toFixed(3));

const exports = (now: RolesOf): Item[] => [
  file('Roles, CSV', 'csv', () => csv(['role', 'layer', 'head', 'right', 'from', 'to', 'distance', 'distance right', 'random weights', 'q', 'heads', 'of'],
    now.roles.map((role) => [role.role, role.layer, role.head, role.rate, ...role.interval, role.offset, role.offsetRate, role.randomRate, role.q, role.found, role.asked]))),
  file('Roles, JSON', 'json', () => JSON.stringify(now, null, 1)),
];
