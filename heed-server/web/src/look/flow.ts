import { css, inkOn, type Rgb } from './ramp';

/** A text as a picture that stands alone, in SVG: each word on the colour of its share, as the page shows it. */

export interface Box {
  text: string;
  /** The number of the occurrence, or nothing. */
  below: string;
  colour: Rgb | null;
  said: string;
  chosen: boolean;
  /** Goes on with the word before it. */
  piece: boolean;
}

export interface Look {
  title: string;
  ink: string;
  paper: string;
  accent: string;
  /** Whether lines run from right to left. */
  leftward: boolean;
  /** The width of a word as it will be written. */
  width: (text: string) => number;
}

const WIDE = 680;
const LINE = 34;
const PAD = 20;
const TOP = 48;

export function textPicture(boxes: Box[], look: Look): string {
  const room = WIDE - 2 * PAD;
  let [x, y] = [0, TOP];
  const drawn = boxes.map((box) => {
    const wide = look.width(box.text) + (box.below ? 0.65 * look.width(box.below) : 0) + 10;
    if (x > 0 && !box.piece) x += 3;
    if (x > 0 && x + wide > room) { x = 0; y += LINE; }
    const at = look.leftward ? WIDE - PAD - x - wide : PAD + x;
    x += wide;
    return word(box, look, at, y, wide);
  });
  const high = y + LINE + PAD - 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDE} ${high}" width="${WIDE}" height="${high}" role="img" aria-label="${escaped(look.title)}">
<style>text{font:17px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}.title{font-size:14px;font-weight:600}</style>
<rect width="${WIDE}" height="${high}" rx="8" fill="${look.paper}"/>
<text x="${PAD}" y="28" class="title" fill="${look.ink}">${escaped(look.title)}</text>
${drawn.join('\n')}
</svg>
`;
}

function word({ text, below, colour, said, chosen }: Box, look: Look, x: number, y: number, wide: number): string {
  const [left, top] = [x.toFixed(1), y.toFixed(1)];
  const ink = colour ? inkOn(colour) : look.ink;
  return `<g><title>${escaped(said)}</title><rect x="${left}" y="${top}" width="${wide.toFixed(1)}" height="28" rx="4" fill="${colour ? css(colour) : 'none'}"${
    chosen ? ` stroke="${look.accent}" stroke-width="2"` : ''}/><text x="${(x + 5).toFixed(1)}" y="${(y + 20).toFixed(1)}" fill="${ink}"${chosen ? ' font-weight="600"' : ''}>${
    escaped(text)}${below ? `<tspan dy="3" font-size="11">${escaped(below)}</tspan>` : ''}</text></g>`;
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
