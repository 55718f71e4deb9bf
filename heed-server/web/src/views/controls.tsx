import { percent } from '../look/percent';
import { crossing, info, keyTokens, long, look, queryTokens, rolled } from '../state/look';
import { go, place } from '../state/address';
import type { Place } from '../state/place';

export function Switch<T extends string>({ name, value, options, onChange }: { name: string; value: T;
  options: [T, string][]; onChange: (value: T) => void }) {
  return <div class="switch" role="group" aria-label={name}>
    {options.map(([option, text]) => <button type="button" key={option} aria-pressed={option === value}
      onClick={() => onChange(option)}>{text}</button>)}
  </div>;
}

export function Choice<T extends string>({ name, value, options, onChange }: { name: string; value: T;
  options: [T, string][]; onChange: (value: T) => void }) {
  return <label>{name} <select value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
    {options.map(([option, text]) => <option key={option} value={option}>{text}</option>)}
  </select></label>;
}

export function Controls() {
  const here = place.value;
  const tokens = [...queryTokens.value, ...keyTokens.value];
  const special = [...new Set(tokens.filter((token) => token.special).map((token) => token.piece))];
  const pieces = tokens.some((token, i) => i > 0 && token.word >= 0 && tokens[i - 1].word === token.word);
  const measures: [Place['measure'], string][] = [['weight', 'weight'], ['value', 'weight × value'],
    ...(crossing.value || long.value ? [] : [['rollout', 'all layers (rollout)'] as [Place['measure'], string]])];
  return <div class="card controls" role="group" aria-label="What is shown">
    <Switch name="Direction" value={here.direction} options={[['out', 'looks at'], ['in', 'is looked at by']]}
      onChange={(direction) => go({ direction })} />
    {special.length > 0 && special.length < tokens.length && <label class="check"><input type="checkbox" checked={!here.special}
      onChange={(event) => go({ special: !event.currentTarget.checked })} />
      <span>Hide <bdi>{special.slice(0, 3).join(', ')}{special.length > 3 ? ' …' : ''}</bdi>{!here.special && look.value
        && <span class="quiet"> ({percent(look.value.hiddenShare)} of this head’s attention)</span>}</span></label>}
    {pieces && !long.value && <label class="check"><input type="checkbox" checked={here.words}
      onChange={(event) => go({ words: event.currentTarget.checked })} /> Join the pieces of a word</label>}
    <Choice name="Full colour" value={here.scale} onChange={(scale) => go({ scale })}
      options={[['strongest', 'at the strongest'], ['whole', 'at 100 %'], ['row', 'in each row']]} />
    <Choice name="Measure" value={here.measure} onChange={(measure) => go({ measure })} options={measures} />
    {here.measure === 'value' && <p class="note">What a word gives, times how much there is to get: the share of |weight · value
      vector| (Kobayashi et al. 2020).</p>}
    {rolled.value && info.value && <p class="note">All {info.value.layers} layers and their heads together, followed back to the
      input (Abnar and Zuidema 2020). The chosen head makes no difference to it.</p>}
  </div>;
}
