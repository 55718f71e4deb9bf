import { halves } from './half';

/** Numbers in C order with their shape, as the binary answers carry them. */
export interface Block {
  shape: number[];
  values: Float32Array | Uint8Array;
}

/** @param dtype `u8`, `f16` or `f32`, from the header X-Dtype; the shape, such as `6,12,17,17`, is in X-Shape */
export function block(bytes: ArrayBuffer, shape: string | null, dtype: string | null): Block {
  const sizes = (shape ?? '').split(',').map(Number);
  const values = decoded(bytes, dtype);
  const count = sizes.reduce((product, size) => product * size, 1);
  if (!shape || sizes.some((size) => !Number.isInteger(size)) || values.length !== count) {
    throw new Error(`the answer has ${values.length} numbers, its shape ${shape ?? 'is missing'}`);
  }
  return { shape: sizes, values };
}

function decoded(bytes: ArrayBuffer, dtype: string | null): Float32Array | Uint8Array {
  switch (dtype) {
    case 'u8': return new Uint8Array(bytes);
    case 'f16': return halves(bytes);
    case 'f32': return singles(bytes);
    default: throw new Error(`the answer's numbers are of the unknown type ${dtype}`);
  }
}

function singles(bytes: ArrayBuffer): Float32Array {
  const view = new DataView(bytes);
  return Float32Array.from({ length: bytes.byteLength >> 2 }, (_, i) => view.getFloat32(4 * i, true));
}
