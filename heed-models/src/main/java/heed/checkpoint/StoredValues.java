package heed.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Values in mapped memory that become Java arrays when asked for. Whoever makes one has checked that the
/// memory holds as many values as the tensor's shape says.
interface StoredValues {
    /// @param count the tensor's size
    float[] floats(int count);

    /// @param count the tensor's size
    long[] integers(int count);

    /// Numbers one after the other, little-endian, wherever they begin: safetensors promises no alignment.
    record Plain(MemorySegment bytes, DType dtype) implements StoredValues {
        /// Half-width numbers are copied to the heap in pieces this long: a loop over arrays is one that the
        /// compiler turns into vector instructions.
        private static final int PIECE = 4096;

        @Override
        public float[] floats(int count) {
            var values = new float[count];
            switch (dtype) {
                case F32 -> MemorySegment.copy(bytes, MappedFile.FLOAT, 0, values, 0, count);
                case F16, BF16 -> halves(values);
                case F64 -> {
                    for (int i = 0; i < count; i++) {
                        values[i] = (float) bytes.get(MappedFile.DOUBLE, i * 8L);
                    }
                }
                case I64, I32, I16, I8, U8, BOOL -> {
                    for (int i = 0; i < count; i++) {
                        values[i] = integer(i);
                    }
                }
            }
            return values;
        }

        private void halves(float[] values) {
            var piece = new short[Math.min(PIECE, values.length)];
            for (int start = 0; start < values.length; start += PIECE) {
                int length = Math.min(PIECE, values.length - start);
                MemorySegment.copy(bytes, MappedFile.SHORT, start * 2L, piece, 0, length);
                if (dtype == DType.F16) {
                    for (int i = 0; i < length; i++) {
                        values[start + i] = Float.float16ToFloat(piece[i]);
                    }
                } else {
                    // bfloat16 is the upper half of a float.
                    for (int i = 0; i < length; i++) {
                        values[start + i] = Float.intBitsToFloat(piece[i] << 16);
                    }
                }
            }
        }

        @Override
        public long[] integers(int count) {
            var values = new long[count];
            if (dtype == DType.I64) {
                MemorySegment.copy(bytes, MappedFile.LONG, 0, values, 0, count);
            } else {
                for (int i = 0; i < count; i++) {
                    values[i] = integer(i);
                }
            }
            return values;
        }

        private long integer(int i) {
            return switch (dtype) {
                case I64 -> bytes.get(MappedFile.LONG, i * 8L);
                case I32 -> bytes.get(MappedFile.INT, i * 4L);
                case I16 -> bytes.get(MappedFile.SHORT, i * 2L);
                case I8 -> bytes.get(ValueLayout.JAVA_BYTE, i);
                case U8 -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, i));
                case BOOL -> bytes.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1;
                case F64, F32, F16, BF16 -> throw new IllegalStateException(dtype + " holds no integers");
            };
        }
    }

    /// A matrix stored as `[rows, columns]` that is read as `[columns, rows]`.
    record Transposed(StoredValues stored, int rows, int columns) implements StoredValues {
        /// Squares of this side keep both matrices' lines in the processor's first cache.
        private static final int TILE = 32;

        @Override
        public float[] floats(int count) {
            float[] from = stored.floats(count);
            var to = new float[count];
            for (int row = 0; row < rows; row += TILE) {
                for (int column = 0; column < columns; column += TILE) {
                    for (int r = row; r < Math.min(row + TILE, rows); r++) {
                        for (int c = column; c < Math.min(column + TILE, columns); c++) {
                            to[c * rows + r] = from[r * columns + c];
                        }
                    }
                }
            }
            return to;
        }

        @Override
        public long[] integers(int count) {
            long[] from = stored.integers(count);
            var to = new long[count];
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    to[column * rows + row] = from[row * columns + column];
                }
            }
            return to;
        }
    }
}
