import { around } from '../look/layout';
import { ordered } from '../look/mass';
import { percent } from '../look/percent';
import { groupOf } from '../look/words';
import { choosers, keeps, long, sharesOf, showsSpecial, token } from '../state/look';
import { go, place } from '../state/address';

const MOST_ROWS = 40;
const TOP = 5;

/** The same as numbers: the twin of the pictures for those who do not see them, and for those who count. */
export function Numbers() {
  const out = place.value.direction === 'out';
  const keep = keeps.value;
  const all = choosers.value.filter((group) => keep(group));
  const at = Math.max(0, groupOf(all, token.value));
  const [from, to] = long.value ? [at, Math.min(all.length, at + 1)] : around(all.length, MOST_ROWS, at);
  const hides = out && !showsSpecial.value;
  return <div class="scroll" tabIndex={0} role="region" aria-label="Numbers">
    <table>
      <caption>{out ? `The ${TOP} words that each word looks at most.`
        : `The ${TOP} words that look at each word most, with the share of their own attention that they give to it.`}
        {to - from < all.length && ` Shown are ${to - from} of ${all.length} words, around the chosen one.`}</caption>
      <thead><tr>
        <th scope="col">{out ? 'Word' : 'Looked at'}</th>
        {['most', '2nd', '3rd', '4th', '5th'].map((rank) => <th scope="col" key={rank}>{rank}</th>)}
        {hides && <th scope="col">special tokens</th>}
      </tr></thead>
      <tbody>{all.slice(from, to).map((group) => {
        const given = sharesOf(group.tokens[0]);
        const best = given ? ordered(given.shares).slice(0, TOP) : [];
        const isChosen = group === all[at];
        return <tr key={group.tokens[0]} class={isChosen ? 'chosen' : undefined} onClick={() => go({ token: group.tokens[0] })}>
          <th scope="row" dir="auto" aria-current={isChosen ? 'true' : undefined}>{group.text}</th>
          {Array.from({ length: TOP }, (_, rank) => <td key={rank}>{rank < best.length
            ? <><bdi>{given!.groups[best[rank]].text}</bdi> <b>{percent(given!.shares[best[rank]])}</b></>
            : rank === 0 && given ? 'nothing' : ''}</td>)}
          {hides && <td><b>{given ? percent(given.hidden) : ''}</b></td>}
        </tr>;
      })}</tbody>
    </table>
  </div>;
}
