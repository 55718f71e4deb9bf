import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { theme } from '../state/theme';

export type Paint = (drawing: CanvasRenderingContext2D, width: number, height: number) => void;

interface Properties {
  /** May read signals: it is called again, at most once a frame, when one of them has changed. */
  paint: Paint;
  /** In CSS pixels, of the width, which is the parent's. May read signals, too. */
  height: (width: number) => number;
  label: string;
  name?: string;
  class?: string;
  focusable?: boolean;
  /** Called once with the element; gives back how to take leave of it. */
  setup?: (element: HTMLCanvasElement) => void | (() => void);
  onPointerMove?: (event: PointerEvent) => void;
  onPointerLeave?: () => void;
  onClick?: (event: MouseEvent) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/** A canvas as wide as its parent and as sharp as the screen. */
export function Canvas(properties: Properties) {
  const element = useRef<HTMLCanvasElement>(null);
  const latest = useRef(properties);
  latest.current = properties;
  const redraw = useRef(() => {});

  useEffect(() => redraw.current());
  useEffect(() => {
    const canvas = element.current!;
    const parent = canvas.parentElement!;
    const width = signal(parent.clientWidth);
    const observer = new ResizeObserver(() => { width.value = parent.clientWidth; });
    observer.observe(parent);
    const painter = oncePerFrame(() => {
      void theme.value;
      const wide = width.value;
      const high = latest.current.height(wide);
      if (wide > 0 && high > 0) latest.current.paint(sized(canvas, wide, high), wide, high);
    });
    redraw.current = painter.again;
    painter.again();
    const leave = latest.current.setup?.(canvas);
    return () => { observer.disconnect(); painter.stop(); leave?.(); };
  }, []);

  const { label, name, focusable } = properties;
  return <canvas ref={element} class={properties.class} data-name={name} role="img" aria-label={label}
    tabIndex={focusable ? 0 : undefined} onPointerMove={properties.onPointerMove}
    onPointerLeave={properties.onPointerLeave} onClick={properties.onClick} onKeyDown={properties.onKeyDown} />;
}

/** Does something in the next frame whenever a signal has changed that it read the last time. */
function oncePerFrame(act: () => void): { again: () => void; stop: () => void } {
  let frame = 0;
  let forget = () => {};
  const run = () => {
    frame = 0;
    forget();
    let first = true;
    forget = effect(() => {
      if (!first) return again();
      first = false;
      act();
    });
  };
  function again() {
    if (!frame) frame = requestAnimationFrame(run);
  }
  return { again, stop: () => { cancelAnimationFrame(frame); forget(); } };
}

function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const dense = Math.min(3, devicePixelRatio || 1);
  const [wide, high] = [Math.round(width * dense), Math.round(height * dense)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const drawing = canvas.getContext('2d')!;
  drawing.setTransform(dense, 0, 0, dense, 0, 0);
  drawing.clearRect(0, 0, width, height);
  return drawing;
}

export const font = (size: number, weight = '') => `${weight} ${size}px system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif`;

/** A word cut to a width, with a sign that it was. */
export function fitted(drawing: CanvasRenderingContext2D, text: string, width: number): string {
  if (drawing.measureText(text).width <= width) return text;
  const letters = Array.from(text);
  while (letters.length > 1 && drawing.measureText(`${letters.join('')}…`).width > width) letters.pop();
  return `${letters.join('')}…`;
}
