import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { api } from '../data/api';
import { at } from '../state/look';
import { run } from '../state/running';

/** What is on a screen, to take away. */

const told = signal('');

/** Something that can be saved: an address of the server, or what the page makes when it is asked. */
export interface Item {
  name: string;
  group: 'Picture' | 'Numbers';
  href?: string;
  save?: () => void;
}

const TYPES = { json: 'application/json', csv: 'text/csv', svg: 'image/svg+xml', txt: 'text/plain' };

function saved(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // A download that has not begun by then never will.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  told.value = `${name} is saved.`;
}

/** A file of the page's own making. */
export function file(name: string, kind: keyof typeof TYPES, make: () => string): Item {
  return { name, group: kind === 'svg' ? 'Picture' : 'Numbers', save: () => saved(new Blob([make()], { type: `${TYPES[kind]};charset=utf-8` }),
    `heed-${name.toLowerCase().replace(/[^a-z]+/g, '-').replace(/-(json|csv|svg|txt)$/, '')}.${kind}`) };
}

/** A canvas as it is shown, on the colour of its card. */
export function picture(canvas: string, name = canvas === 'heads' ? 'All heads' : 'Picture'): Item {
  return { name: `${name}, PNG`, group: 'Picture', save: () => save(canvas) };
}

function save(name: string): void {
  const shown = document.querySelector<HTMLCanvasElement>(`canvas[data-name=${name}]`);
  if (!shown) return;
  const copied = document.createElement('canvas');
  [copied.width, copied.height] = [shown.width, shown.height];
  const drawing = copied.getContext('2d')!;
  drawing.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--card').trim();
  drawing.fillRect(0, 0, copied.width, copied.height);
  drawing.drawImage(shown, 0, 0);
  copied.toBlob((blob) => { if (blob) saved(blob, `heed-${name}.png`); });
}

/** A file that the server makes of the shown head, or of all. */
export function served(name: string, view: 'matrix' | 'links' | 'heads', format: 'svg' | 'json' | 'csv'): Item {
  return { name, group: format === 'svg' ? 'Picture' : 'Numbers', href: api.exportAddress(run.value!.run, at.value!, view, format) };
}

async function copy(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    told.value = 'The link is copied.';
  } catch {
    told.value = 'The link is in the address bar.';
  }
}

export function Export({ items, name }: { items: Item[]; name: string }) {
  const group = (of: Item['group']): ComponentChildren => {
    const all = items.filter((item) => item.group === of);
    return all.length > 0 && <>
      <p>{of === 'Picture' ? 'Pictures' : of}</p>
      {all.map((item) => (item.href ? <a key={item.name} href={item.href} download>{item.name}</a>
        : <button type="button" key={item.name} onClick={item.save}>{item.name}</button>))}
    </>;
  };
  return <details class="export">
    <summary aria-label={`Export ${name}`}>Export</summary>
    <div class="menu">
      <button type="button" onClick={copy}>Copy a link to this view</button>
      {group('Picture')}
      {group('Numbers')}
      <p role="status">{told.value}</p>
    </div>
  </details>;
}
