import { deflateSync, inflateSync } from 'node:zlib';

/**
 * Screenshots small enough for a repository: a page has few colours, so a picture of it needs a byte for each pixel and
 * a palette. Reads what Chromium writes (8 bits, RGB or RGBA, not interlaced) and writes PNG with at most 256 colours.
 */
export function small(png: Buffer): Buffer {
  const { width, height, pixels } = decoded(png);
  const { palette, nearest } = quantized(pixels);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0, at = 0; y < height; y++) {
    rows[y * (width + 1)] = 0; // no filter: neighbours of a palette's numbers say nothing of each other
    for (let x = 0; x < width; x++, at++) rows[y * (width + 1) + 1 + x] = nearest(pixels[at]);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('PLTE', colours), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 256;
const MOST_FREQUENT = 160;

function decoded(png: Buffer): { width: number; height: number; pixels: Uint32Array } {
  let [width, height, channels] = [0, 0, 0];
  const data: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const name = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (name === 'IHDR') {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      channels = ({ 2: 3, 6: 4 } as Record<number, number>)[body[9]];
      if (body[8] !== 8 || !channels || body[12]) throw new Error('a PNG of another kind than Chromium writes');
    } else if (name === 'IDAT') data.push(body);
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const pixels = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const row = unfiltered(raw[y * (stride + 1)], raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)), above, channels);
    for (let x = 0; x < width; x++) pixels[y * width + x] = (row[x * channels] << 16) | (row[x * channels + 1] << 8) | row[x * channels + 2];
    above = row;
  }
  return { width, height, pixels };
}

/** PNG, §9: each byte was written as its difference from one of its neighbours, or from their mean or guess. */
function unfiltered(filter: number, row: Uint8Array, above: Uint8Array, channels: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(row.length);
  for (let i = 0; i < row.length; i++) {
    const left = i < channels ? 0 : out[i - channels];
    const corner = i < channels ? 0 : above[i - channels];
    const guess = [0, left, above[i], (left + above[i]) >> 1, paeth(left, above[i], corner)][filter];
    out[i] = row[i] + guess;
  }
  return out;
}

function paeth(left: number, above: number, corner: number): number {
  const [a, b, c] = [left, above, corner].map((each) => Math.abs(left + above - corner - each));
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

/**
 * The most frequent colours stay as they are. The others are few, but some lie far from all of these, as in the middle
 * of a ramp: the farthest come next, one by one. Each that is left becomes the nearest.
 */
function quantized(pixels: Uint32Array): { palette: number[]; nearest: (colour: number) => number } {
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const ordered = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour);
  const palette = ordered.slice(0, MOST_FREQUENT);
  const rest = ordered.slice(MOST_FREQUENT);
  const gaps = rest.map((colour) => Math.min(...palette.map((each) => far(each, colour))));
  while (palette.length < MOST_COLOURS && palette.length < ordered.length) {
    const farthest = gaps.reduce((best, gap, i) => (gap > gaps[best] ? i : best), 0);
    palette.push(rest[farthest]);
    rest.forEach((colour, i) => { gaps[i] = Math.min(gaps[i], far(colour, rest[farthest])); });
  }
  const known = new Map(palette.map((colour, i) => [colour, i]));
  const nearest = (colour: number): number => {
    let best = known.get(colour);
    if (best === undefined) {
      best = 0;
      for (let i = 1; i < palette.length; i++) if (far(palette[i], colour) < far(palette[best], colour)) best = i;
      known.set(colour, best);
    }
    return best;
  };
  return { palette, nearest };
}

const far = (a: number, b: number) => ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
  let crc = 0xffffffff;
  for (const byte of named) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
  const out = Buffer.alloc(8 + named.length);
  out.writeUInt32BE(body.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 4 + named.length);
  return out;
}
