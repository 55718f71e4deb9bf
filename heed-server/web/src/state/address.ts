import { signal } from '@preact/signals';
import { readPlace, writePlace, type Place } from './place';

/** Where the page is; every view is drawn from it. */
export const place = signal<Place>(readPlace(location.hash));

/** With another of these, pictures have other sizes: what was enlarged is shown as a whole again. */
const NEW_MAP: (keyof Place)[] = ['screen', 'model', 'stream'];
const NEW_MATRIX: (keyof Place)[] = [...NEW_MAP, 'text', 'pair', 'text2', 'model2', 'special', 'words'];

/** @param keepStep whether Back returns to where the page was before: for steps that a person would call one */
export function go(changes: Partial<Place>, keepStep = false): void {
  const next = { ...place.value, ...changes };
  const differs = (part: keyof Place) => next[part] !== place.value[part];
  if (NEW_MATRIX.some(differs)) next.view = changes.view ?? null;
  if (NEW_MAP.some(differs)) next.map = changes.map ?? null;
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
