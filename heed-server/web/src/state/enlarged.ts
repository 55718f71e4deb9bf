import { computed, effect } from '@preact/signals';
import type { Zoomed } from '../draw/zoom';
import { go, place } from './address';
import { rounded, type Enlarged } from './place';

/** How long a picture stands still before its place is told: an address that changes with every frame costs frames. */
const STILL = 150;

export interface Remembered {
  /** Puts the picture where the address says; to be called whenever its size is known. */
  settle: () => void;
  leave: () => void;
}

/**
 * Keeps in the address where a picture was enlarged, in shares of its size, so that a link shows the same part in a
 * window of another size, too.
 *
 * @param size of the whole picture in pixels
 */
export function remembered(zoom: Zoomed, part: 'view' | 'map', size: () => [number, number]): Remembered {
  const asked = computed(() => place.value[part]);
  let told = '';
  let timer = 0;
  const forget = effect(() => {
    void zoom.view.value;
    clearTimeout(timer);
    timer = window.setTimeout(tell, STILL);
  });

  function tell(): void {
    const { k, x, y } = zoom.view.peek();
    const [width, height] = size();
    const now: Enlarged | null = k === 1 ? null : rounded([k, x / width, y / height]);
    if (!told || JSON.stringify(now) === JSON.stringify(asked.peek())) return;
    told = sign(now, width, height);
    // What is told has fewer digits: shown is what a link would show.
    if (now) zoom.set({ k: now[0], x: now[1] * width, y: now[2] * height });
    go({ [part]: now });
  }

  return {
    settle() {
      const wanted = asked.value;
      const [width, height] = size();
      if (sign(wanted, width, height) === told) return;
      const [k, x, y] = wanted ?? [1, 0, 0];
      if (zoom.set({ k, x: x * width, y: y * height })) told = sign(wanted, width, height);
    },
    leave() {
      clearTimeout(timer);
      forget();
    },
  };
}

const sign = (wanted: Enlarged | null, width: number, height: number) =>
  `${wanted ? wanted.join() : 'whole'} of ${width.toFixed(1)} × ${height.toFixed(1)}`;
