import { deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { small } from '../browser/png';

const part = (name: string, body: Buffer) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, Buffer.from(name, 'latin1'), body, Buffer.alloc(4)]);
};

/** A PNG whose rows have the given filters; a reader of pictures does not look at the checksums. */
function png(width: number, rows: [number, number[]][]): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(rows.length, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const raw = Buffer.concat(rows.map(([filter, bytes]) => Buffer.from([filter, ...bytes])));
  return Buffer.concat([Buffer.alloc(8), part('IHDR', head), part('IDAT', deflateSync(raw)), part('IEND', Buffer.alloc(0))]);
}

/** The colours of a picture with a palette, row by row. */
function shown(picture: Buffer): number[][] {
  const parts = new Map<string, Buffer>();
  for (let at = 8; at < picture.length; at += 12 + picture.readUInt32BE(at)) {
    parts.set(picture.toString('latin1', at + 4, at + 8), picture.subarray(at + 8, at + 8 + picture.readUInt32BE(at)));
  }
  const [width, height, palette, rows] = [parts.get('IHDR')!.readUInt32BE(0), parts.get('IHDR')!.readUInt32BE(4), parts.get('PLTE')!, inflateSync(parts.get('IDAT')!)];
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => palette.readUIntBE(3 * rows[y * (width + 1) + 1 + x], 3)));
}

test('a picture with few colours keeps each of them, however its rows were filtered', () => {
  const picture = png(2, [[0, [10, 20, 30, 40, 50, 60]], [1, [1, 2, 3, 4, 5, 6]], [2, [1, 1, 1, 1, 1, 1]], [3, [1, 1, 1, 1, 1, 1]], [4, [1, 1, 1, 1, 1, 1]]]);
  expect(shown(small(picture))).toEqual([
    [0x0a141e, 0x28323c], [0x010203, 0x050709], [0x020304, 0x06080a], [0x020203, 0x050607], [0x030304, 0x060708]]);
});

test('of more than 256 colours, the rarest become the nearest', () => {
  const bytes = Array.from({ length: 600 }, (_, x) => [x < 300 ? 7 : (x - 300) & 255, x < 300 ? 7 : x > 555 ? 1 : 0, 0]).flat();
  const colours = new Set(shown(small(png(600, [[0, bytes]]))).flat());
  expect(colours.size).toBeLessThanOrEqual(256);
  expect(colours).toContain(0x070700);
});
