package heed.onednn;

import heed.kernel.Product;
import heed.kernel.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Weights of 32 or 16 bits; rows are rounded to the same type, sums have 32 bits.
final class FloatWeight extends NativeWeight {
    private final WeightType type;

    FloatWeight(OneDnnEngine engine, float[] values, int out, int in, WeightType type) {
        this.type = type;
        MemorySegment plain = Arena.ofAuto().allocate((long) values.length * type.bytes());
        convert(engine, type, values, 0, values.length, plain, 0);
        super(engine, plain, out, in, type == WeightType.BF16 ? Matmul.Types.BF16 : Matmul.Types.F32);
    }

    private static void convert(
            OneDnnEngine engine, WeightType type, float[] x, int xOffset, int n, MemorySegment to, long offset) {
        if (type == WeightType.BF16) {
            engine.kernels().quantization().toBf16(x, xOffset, n, to, offset);
        } else {
            MemorySegment.copy(x, xOffset, to, ValueLayout.JAVA_FLOAT, offset, n);
        }
    }

    @Override
    public WeightType type() {
        return type;
    }

    @Override
    public float[] toArray() {
        MemorySegment plain = plain();
        float[] values = new float[out() * in()];
        for (int i = 0; i < values.length; i++) {
            values[i] = type == WeightType.BF16
                    ? Float.intBitsToFloat(plain.getAtIndex(ValueLayout.JAVA_SHORT, i) << Short.SIZE)
                    : plain.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
        return values;
    }

    @Override
    void convert(Product product, int from, int to, Input input) {
        for (int row = from; row < to; row++) {
            int at = product.xOffset() + row * product.xStride();
            convert(engine(), type, product.x(), at, in(), input.rows(), (long) row * in() * type.bytes());
        }
    }

    @Override
    void store(Product product, int row, Input input, MemorySegment sums, long offset, int column, int columns) {
        engine().kernels()
                .quantization()
                .addBias(
                        sums,
                        offset,
                        columns,
                        product.bias(),
                        column,
                        product.y(),
                        product.yOffset() + row * product.yStride() + column);
    }
}
