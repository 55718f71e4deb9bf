package heed.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Values in blocks that share scales, unpacked to float with the same roundings as `dequantize_row_*` in ggml.
///
/// @param bytes a whole number of blocks
record GgmlBlocks(MemorySegment bytes, GgmlType type) implements StoredValues {
    /// Blocks are copied to the heap some at a time, where loops over them are fast.
    private static final int BLOCKS = 64;

    @Override
    public float[] floats(int count) {
        var values = new float[count];
        int size = type.blockBytes();
        var piece = new byte[BLOCKS * size];
        int blocks = count / type.blockValues();
        for (int first = 0; first < blocks; first += BLOCKS) {
            int some = Math.min(BLOCKS, blocks - first);
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, (long) first * size, piece, 0, some * size);
            for (int b = 0; b < some; b++) {
                unpack(piece, b * size, values, (first + b) * type.blockValues());
            }
        }
        return values;
    }

    private void unpack(byte[] from, int at, float[] to, int start) {
        switch (type) {
            case Q4_0 -> nibbles(from, at + 2, to, start, half(from, at), -8, 0);
            case Q4_1 -> nibbles(from, at + 4, to, start, half(from, at), 0, half(from, at + 2));
            case Q5_0 -> nibblesAndBit(from, at + 2, to, start, half(from, at), -16, 0);
            case Q5_1 -> nibblesAndBit(from, at + 4, to, start, half(from, at), 0, half(from, at + 2));
            case Q8_0 -> bytes(from, at, to, start);
            case Q4_K -> scaledNibbles(from, at, to, start, at + 16, -1);
            case Q5_K -> scaledNibbles(from, at, to, start, at + 48, at + 16);
            case Q6_K -> sixBits(from, at, to, start);
            case F32, F16, BF16, F64 -> throw new IllegalStateException(type + " has no blocks");
        }
    }

    private static float half(byte[] from, int at) {
        return Float.float16ToFloat((short) ((from[at] & 0xff) | (from[at + 1] << 8)));
    }

    /// 32 values of 8 bits and their scale.
    private static void bytes(byte[] from, int at, float[] to, int start) {
        float scale = half(from, at);
        for (int i = 0; i < 32; i++) {
            to[start + i] = from[at + 2 + i] * scale;
        }
    }

    /// 32 values of 4 bits: the low halves of 16 bytes are the first 16.
    private static void nibbles(byte[] from, int at, float[] to, int start, float scale, int zero, float minimum) {
        for (int i = 0; i < 16; i++) {
            to[start + i] = ((from[at + i] & 0xf) + zero) * scale + minimum;
            to[start + 16 + i] = ((from[at + i] >> 4 & 0xf) + zero) * scale + minimum;
        }
    }

    /// The same with a fifth bit, the 32 of which come before.
    private static void nibblesAndBit(
            byte[] from, int at, float[] to, int start, float scale, int zero, float minimum) {
        for (int i = 0; i < 32; i++) {
            int nibble = i < 16 ? from[at + 4 + i] & 0xf : from[at + 4 + i - 16] >> 4 & 0xf;
            int bit = from[at + i / 8] >> (i % 8) & 1;
            to[start + i] = ((nibble | (bit << 4)) + zero) * scale + minimum;
        }
    }

    /// 8 parts of 32 values of 4 bits, or 5 where `bits` is not negative. Each part has a scale and a minimum
    /// of 6 bits, packed into 12 bytes, to be multiplied with those of the block.
    private static void scaledNibbles(byte[] from, int at, float[] to, int start, int nibbles, int bits) {
        float scale = half(from, at);
        float minimum = half(from, at + 2);
        for (int part = 0; part < 8; part++) {
            float d = scale * scaleOf(from, at + 4, part);
            float m = minimum * minimumOf(from, at + 4, part);
            int source = nibbles + part / 2 * 32;
            int shift = part % 2 * 4;
            for (int i = 0; i < 32; i++) {
                int q = from[source + i] >> shift & 0xf;
                if (bits >= 0) {
                    q |= (from[bits + i] >> part & 1) << 4;
                }
                to[start + part * 32 + i] = d * q - m;
            }
        }
    }

    /// Of the 12 bytes, 4 have the scales of the parts 0 to 3 and 4 their minima, in the lower 6 bits. The last
    /// 4 have the lower 4 bits for the parts 4 to 7, of the scale below and of the minimum above; their upper 2
    /// are the upper 2 of the first 8 bytes.
    private static int scaleOf(byte[] from, int at, int part) {
        return part < 4 ? from[at + part] & 63 : (from[at + part + 4] & 0xf) | ((from[at + part - 4] >> 6 & 3) << 4);
    }

    private static int minimumOf(byte[] from, int at, int part) {
        return part < 4
                ? from[at + part + 4] & 63
                : (from[at + part + 4] >> 4 & 0xf) | ((from[at + part] >> 6 & 3) << 4);
    }

    /// 256 values of 6 bits: 128 bytes with the lower 4, 64 bytes with the upper 2, a scale of 8 bits for every
    /// 16 values, and the block's own scale. Each half of the block is in four quarters of 32 values.
    private static void sixBits(byte[] from, int at, float[] to, int start) {
        float scale = half(from, at + 208);
        for (int i = 0; i < 256; i++) {
            int half = i / 128;
            int quarter = i % 128 / 32;
            int column = i % 32;
            int low = from[at + half * 64 + quarter % 2 * 32 + column] >> (quarter / 2 * 4) & 0xf;
            int high = from[at + 128 + half * 32 + column] >> (2 * quarter) & 3;
            to[start + i] = scale * from[at + 192 + i / 16] * ((low | (high << 4)) - 32);
        }
    }

    @Override
    public long[] integers(int count) {
        throw new IllegalStateException(type + " holds no integers");
    }
}
