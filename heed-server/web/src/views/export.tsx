import { signal } from '@preact/signals';
import { api } from '../data/api';
import { at, long } from '../state/look';
import { run } from '../state/running';

const told = signal('');

async function copy(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    told.value = 'The link is copied.';
  } catch {
    told.value = 'The link is in the address bar.';
  }
}

/** The canvas as it is shown, on the colour of its card. */
function save(name: string): void {
  const shown = document.querySelector<HTMLCanvasElement>(`canvas[data-name=${name}]`);
  if (!shown) return;
  const copied = document.createElement('canvas');
  [copied.width, copied.height] = [shown.width, shown.height];
  const drawing = copied.getContext('2d')!;
  drawing.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--card').trim();
  drawing.fillRect(0, 0, copied.width, copied.height);
  drawing.drawImage(shown, 0, 0);
  copied.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `heed-${name}.png`;
    link.click();
    URL.revokeObjectURL(link.href);
    told.value = `heed-${name}.png is saved.`;
  });
}

/** What is shown, to take away. */
export function Export() {
  const where = at.value;
  if (!run.value || !where) return null;
  const address = (view: 'matrix' | 'links' | 'heads', format: 'svg' | 'json' | 'csv') =>
    api.exportAddress(run.value!.run, where, view, format);
  return <details class="export">
    <summary>Export</summary>
    <div class="menu">
      <button type="button" onClick={copy}>Copy a link to this view</button>
      {!long.value && <>
        <p>Picture</p>
        <a href={address('matrix', 'svg')} download>Matrix, SVG</a>
        <a href={address('links', 'svg')} download>Links, SVG</a>
        <button type="button" onClick={() => save('matrix')}>Matrix, PNG</button>
        <button type="button" onClick={() => save('links')}>Links, PNG</button>
        <button type="button" onClick={() => save('heads')}>All heads, PNG</button>
        <p>Numbers</p>
        <a href={address('matrix', 'csv')} download>This head, CSV</a>
        <a href={address('matrix', 'json')} download>This head, JSON</a>
        <a href={address('heads', 'csv')} download>All heads, CSV</a>
      </>}
      <p role="status">{told.value}</p>
    </div>
  </details>;
}
