package heed.onednn;

import heed.kernel.Int8Matrix;
import heed.kernel.Product;
import heed.kernel.Quantization;
import heed.kernel.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Weights of 8 bits with a scale for each output; rows are quantised to 8 bits with a scale and a zero of
/// their own. The sums are whole numbers and exact, in whatever order they are added.
final class Int8Weight extends NativeWeight {
    private final float[] scales;
    private final float[] sums; // of each output's weights

    Int8Weight(OneDnnEngine engine, float[] values, int out, int in) {
        Int8Matrix rounded = Int8Matrix.of(values, out, in);
        MemorySegment plain = Arena.ofAuto().allocate(rounded.values().length);
        MemorySegment.copy(rounded.values(), 0, plain, ValueLayout.JAVA_BYTE, 0, rounded.values().length);
        this.scales = rounded.scales();
        this.sums = sums(rounded, out, in);
        super(engine, plain, out, in, Matmul.Types.INT8);
    }

    private static float[] sums(Int8Matrix rounded, int out, int in) {
        float[] sums = new float[out];
        for (int o = 0; o < out; o++) {
            int sum = 0;
            for (int i = 0; i < in; i++) {
                sum += rounded.values()[o * in + i];
            }
            sums[o] = rounded.scales()[o] * sum;
        }
        return sums;
    }

    @Override
    public WeightType type() {
        return WeightType.INT8;
    }

    @Override
    public long bytes() {
        return super.bytes() + (long) Float.BYTES * (scales.length + sums.length);
    }

    @Override
    public float[] toArray() {
        MemorySegment plain = plain();
        float[] values = new float[out() * in()];
        for (int i = 0; i < values.length; i++) {
            values[i] = scales[i / in()] * plain.get(ValueLayout.JAVA_BYTE, i);
        }
        return values;
    }

    @Override
    void convert(Product product, int from, int to, Input input) {
        Quantization loops = engine().kernels().quantization();
        for (int row = from; row < to; row++) {
            loops.quantize(
                    product.x(),
                    product.xOffset() + row * product.xStride(),
                    in(),
                    input.rows(),
                    (long) row * in(),
                    input.scales(),
                    input.zeros(),
                    row);
        }
    }

    @Override
    void store(Product product, int row, Input input, MemorySegment sums, long offset, int column, int columns) {
        engine().kernels()
                .quantization()
                .dequantize(
                        sums,
                        offset,
                        columns,
                        scales,
                        this.sums,
                        column,
                        input.scales()[row],
                        input.zeros()[row],
                        product.bias(),
                        product.y(),
                        product.yOffset() + row * product.yStride() + column);
    }
}
