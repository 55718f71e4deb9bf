import { signal, type Signal } from '@preact/signals';
import { select } from 'd3-selection';
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior } from 'd3-zoom';
import type { View } from '../look/layout';

export interface Zoomed {
  view: Signal<View>;
  /** Takes drags, wheels and pinches from here on; gives back how to stop. */
  setup: (element: HTMLElement) => () => void;
  /** Enlarges around the middle. */
  by: (factor: number) => void;
  move: (x: number, y: number) => void;
  fit: () => void;
  /** False where there is nothing to enlarge yet. */
  set: (view: View) => boolean;
  key: (event: KeyboardEvent) => void;
}

/**
 * Panning and zooming. The wheel alone scrolls the page: with Ctrl or ⌘, which a pinch counts as, it zooms; a drag
 * moves what was enlarged.
 *
 * @param extent of what is drawn: left, top, right, bottom
 * @param most how far it can be enlarged
 */
export function zoomed(extent: () => [number, number, number, number], most: () => number): Zoomed {
  const view = signal<View>({ k: 1, x: 0, y: 0 });
  let stage: HTMLElement | null = null;
  const behaviour: ZoomBehavior<HTMLElement, unknown> = zoom<HTMLElement, unknown>()
    .extent(() => {
      const [x0, y0, x1, y1] = extent();
      return [[x0, y0], [x1, y1]] as [[number, number], [number, number]];
    })
    .filter((event: Event) => {
      if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey;
      if (event.type.startsWith('touch')) return view.value.k > 1 || (event as TouchEvent).touches.length > 1;
      return !(event as MouseEvent).button && (event.type === 'dblclick' || view.value.k > 1);
    })
    .clickDistance(4)
    .on('zoom', (event: D3ZoomEvent<HTMLElement, unknown>) => {
      const { k, x, y } = event.transform;
      view.value = { k, x, y };
      if (stage) stage.style.touchAction = k > 1 ? 'none' : 'pan-x pan-y';
    });
  const limits = () => {
    const [x0, y0, x1, y1] = extent();
    behaviour.scaleExtent([1, Math.max(1, most())]).translateExtent([[x0, y0], [x1, y1]]);
  };
  const act = (what: (element: ReturnType<typeof select<HTMLElement, unknown>>) => void) => {
    limits();
    if (stage) what(select<HTMLElement, unknown>(stage));
  };
  const by = (factor: number) => act((element) => behaviour.scaleBy(element, factor));
  const move = (x: number, y: number) => act((element) => behaviour.translateBy(element, x / view.value.k, y / view.value.k));
  const fit = () => act((element) => behaviour.transform(element, zoomIdentity));
  return {
    view, by, move, fit,
    set({ k, x, y }) {
      act((element) => behaviour.transform(element, zoomIdentity.translate(x, y).scale(k)));
      return stage !== null;
    },
    setup(element) {
      stage = element;
      element.style.touchAction = 'pan-x pan-y';
      const selected = select<HTMLElement, unknown>(element);
      element.addEventListener('pointerdown', limits, true);
      element.addEventListener('wheel', limits, { capture: true, passive: true });
      selected.call(behaviour).on('dblclick.zoom', () => by(2));
      return () => { selected.on('.zoom', null); stage = null; };
    },
    key(event) {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const acts: Record<string, () => void> = {
        '+': () => by(1.5), '=': () => by(1.5), '-': () => by(1 / 1.5), 0: fit,
        ArrowLeft: () => move(60, 0), ArrowRight: () => move(-60, 0), ArrowUp: () => move(0, 60), ArrowDown: () => move(0, -60),
      };
      const wanted = acts[event.key];
      if (wanted && (view.value.k > 1 || !event.key.startsWith('Arrow'))) {
        event.preventDefault();
        wanted();
      }
    },
  };
}
