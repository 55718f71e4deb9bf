import { signal } from '@preact/signals';
import { readPlace, writePlace, type Place } from './place';

/** Where the page is; every view is drawn from it. */
export const place = signal<Place>(readPlace(location.hash));

/** @param keepStep whether Back returns to where the page was before: for steps that a person would call one */
export function go(changes: Partial<Place>, keepStep = false): void {
  const next = { ...place.value, ...changes };
  const fragment = writePlace(next);
  if (fragment !== location.hash) {
    if (keepStep) history.pushState(null, '', fragment);
    else history.replaceState(null, '', fragment);
  }
  place.value = next;
}

addEventListener('popstate', () => { place.value = readPlace(location.hash); });
addEventListener('hashchange', () => {
  if (writePlace(place.value) !== location.hash) place.value = readPlace(location.hash);
});
