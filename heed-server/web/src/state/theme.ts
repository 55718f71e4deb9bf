import { computed, signal } from '@preact/signals';
import { difference, ramp, type Rgb, type Theme } from '../look/ramp';

/** The page's own colours or the system's, as the canvases need them: they hear nothing of style sheets. */
const dark = matchMedia('(prefers-color-scheme: dark)');
const forced = matchMedia('(forced-colors: active)');
const still = matchMedia('(prefers-reduced-motion: reduce)');

function systemColour(name: string): Rgb {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = name;
  const channels = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? ['0', '0', '0']).slice(0, 3).map(Number);
  probe.remove();
  return channels as Rgb;
}

const now = (): Theme => ({
  dark: dark.matches,
  forced: forced.matches ? { paper: systemColour('Canvas'), ink: systemColour('CanvasText') } : undefined,
});

export const theme = signal<Theme>(now());
export const colours = computed(() => ramp(theme.value));
export const differences = computed(() => difference(theme.value));
export const calm = () => still.matches;

for (const query of [dark, forced]) query.addEventListener('change', () => { theme.value = now(); });

/** The colours of text and lines, from the style sheet. */
export const inks = computed(() => {
  void theme.value;
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return { ink: read('--ink'), muted: read('--muted'), line: read('--line'), accent: read('--accent'),
    wash: read('--wash'), idle: read('--idle'), card: read('--card') };
});
