import { useState } from 'preact/hooks';
import { bytes, count } from '../look/percent';
import { go } from '../state/address';
import { job, loadModels, model, models, open, shortName, trouble } from '../state/running';
import type { ModelInfo } from '../data/types';
import { Card } from './card';

const STATES: Record<ModelInfo['state'], string> = { open: 'open', here: 'on this computer', absent: 'to download', opening: 'opening …', failed: 'failed' };

async function start(name: string): Promise<void> {
  trouble.value = null;
  try {
    const opened = open(name);
    void loadModels();
    await opened;
  } catch (reason) {
    trouble.value = (reason as Error).message;
  }
}

export function ModelsScreen() {
  const [name, setName] = useState('');
  const all = models.value?.models ?? [];
  return <div class="narrow">
    <Card id="models" title="Models" how="What this server can look into. Opening one downloads it first, where it is not here yet.">
      <div class="scroll" tabIndex={0} role="region" aria-label="Models"><table class="models">
        <thead><tr><th scope="col">Model</th><th scope="col">What it is</th><th scope="col">Heads</th><th scope="col">Size</th><th scope="col">State</th><th scope="col"><span class="hidden">Open</span></th></tr></thead>
        <tbody>{all.map((each) => <Row key={each.name} each={each} />)}</tbody>
      </table></div>
    </Card>
    <form class="card controls" onSubmit={(event) => { event.preventDefault(); if (name.trim()) void start(name.trim()); }}>
      <label class="grow">Another model <input type="text" value={name} placeholder="hf:org/name, maven:group:artifact:version, or a folder" spellcheck={false}
        onInput={(event) => setName(event.currentTarget.value)} /></label>
      <button type="submit" class="main" disabled={!name.trim()}>Open</button>
      <p class="how">Checkpoints in Hugging Face’s layout with safetensors: BERT, GPT-2, Llama, T5, Marian, BART and their relatives.</p>
    </form>
  </div>;
}

/** What it takes on the disk, or to fetch, and in memory. */
function Size({ each }: { each: ModelInfo }) {
  const per = each.weights ? BYTES[each.weights] : undefined;
  return <>
    {each.parameters && <div>{count(each.parameters)} parameters</div>}
    {each.parameters && per && <div class="quiet">{bytes(per * each.parameters)} in memory ({each.weights})</div>}
    {each.bytes && <div class="quiet">{bytes(each.bytes)} {each.state === 'absent' ? 'to download' : 'on the disk'}</div>}
    {each.files && <details class="files"><summary>{each.files.length} {each.files.length === 1 ? 'file' : 'files'}</summary>
      <ul>{each.files.map((file) => <li key={file.name}>{file.name} <span class="quiet">{bytes(file.bytes)}</span></li>)}</ul></details>}
  </>;
}

/** Of a number in each type; with the scales of int8, a little more. */
const BYTES: Record<string, number> = { f32: 4, bf16: 2, int8: 1 };

function Row({ each }: { each: ModelInfo }) {
  const busy = each.state === 'opening' || job.value !== null;
  const shape = each.layers ? `${each.layers} layers × ${each.heads} heads, width ${each.width}` : '';
  return <tr class={each.name === model.value ? 'chosen' : undefined}>
    <th scope="row"><bdi title={each.name}>{shortName(each.name)}</bdi></th>
    <td class="wrap">{each.description}{each.architecture && <span class="quiet"> {each.architecture}</span>}
      {each.maxTokens && <span class="quiet"> · up to {each.maxTokens.toLocaleString('en')} tokens</span>}
      {each.vocabulary && <span class="quiet"> · {each.vocabulary.toLocaleString('en')} known pieces</span>}
      {each.error && <p class="note">{each.error}</p>}</td>
    <td class="wrap">{shape}</td>
    <td class="wrap"><Size each={each} /></td>
    <td>{STATES[each.state]}</td>
    <td>{each.state === 'open' ? <button type="button" onClick={() => go({ screen: 'explore', model: each.name, stream: null, layer: null, head: null, token: null,
      masked: [], off: [], pair: '' }, true)}>Explore<span class="hidden"> {each.name}</span></button>
      : <button type="button" disabled={busy} onClick={() => void start(each.name)}>Open<span class="hidden"> {each.name}</span></button>}</td>
  </tr>;
}
