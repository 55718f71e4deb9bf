import { greatest } from '../look/mass';
import { percent } from '../look/percent';
import type { Predictions as Said, Token } from '../data/types';

/** What the model expects where something is masked, or next. */
export function Predictions({ said, tokens, before }: { said: Said; tokens: (side: 'source' | 'target') => Token[]; before?: Said }) {
  return <div class="predictions">
    {said.at.slice(0, 4).map(({ token, of, candidates }) => {
      const most = greatest(candidates.map(({ probability }) => probability)) || 1;
      const here = tokens(of)[token];
      const old = before?.at.find((each) => each.token === token && each.of === of);
      return <div key={`${of}${token}`}>
        <h3>{said.kind === 'fill' ? <>In place of <bdi>{here?.text ?? token}</bdi></> : <>After <bdi>{here?.text ?? token}</bdi></>}</h3>
        <ol class="bars">{candidates.map((candidate) => {
          const then = old?.candidates.find((each) => each.id === candidate.id);
          return <li key={candidate.id}>
            <bdi>{candidate.text.trim() || '␣'}</bdi>
            <span class="bar"><i style={{ width: `${(100 * candidate.probability) / most}%` }} /></span>
            <span class="share">{percent(candidate.probability)}{then && <span class="quiet"> was {percent(then.probability)}</span>}</span>
          </li>;
        })}</ol>
      </div>;
    })}
    {said.at.length > 4 && <p class="how">… and at {said.at.length - 4} more places.</p>}
  </div>;
}
