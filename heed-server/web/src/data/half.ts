/** Half-precision floats (IEEE 754 binary16), in which the server sends weights. */

const table = new Float32Array(1 << 16);

for (let bits = 0; bits < table.length; bits++) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
  else if (exponent === 0x1f) table[bits] = fraction ? NaN : sign * Infinity;
  else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** All of them from little-endian bytes. A table of all 65,536 beats arithmetic, and is exact. */
export function halves(bytes: ArrayBuffer): Float32Array<ArrayBuffer> {
  const values = new Float32Array(bytes.byteLength >> 1);
  const view = new DataView(bytes);
  for (let i = 0; i < values.length; i++) values[i] = table[view.getUint16(2 * i, true)];
  return values;
}
