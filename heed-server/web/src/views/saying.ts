import { ordered } from '../look/mass';
import { percent } from '../look/percent';
import { groupOf, said } from '../look/words';
import { choosers, shares, token } from '../state/look';
import { place } from '../state/address';

/** The chosen word's strongest link in words. */
export function strongestSaid(): string {
  const shown = shares.value;
  if (!shown) return '';
  const best = ordered(shown.shares)[0];
  const chosen = said(chosenText());
  if (best === undefined) return `${chosen}: no link is shown`;
  const other = said(shown.groups[best].text);
  const [from, to] = place.value.direction === 'out' ? [chosen, other] : [other, chosen];
  return `${from} → ${to} ${percent(shown.shares[best])}`;
}

export const chosenText = (): string => choosers.value[groupOf(choosers.value, token.value)]?.text ?? '';
