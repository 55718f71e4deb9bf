package heed.checkpoint;

import java.util.List;

/// A tensor to be written: its name, its shape and its values in row-major order. The array is not copied.
public sealed interface NamedTensor {
    String name();

    /// Sizes per axis, outermost first; empty for a single number.
    List<Integer> shape();

    /// How the values are stored.
    DType dtype();

    /// Float values, stored as F32.
    record Floats(String name, List<Integer> shape, float[] values) implements NamedTensor {
        public Floats {
            shape = List.copyOf(shape);
            requireSize(name, shape, values.length);
        }

        @Override
        public DType dtype() {
            return DType.F32;
        }
    }

    /// Float values, stored as the nearest BF16: half the bytes, 8 bits of significand.
    record Rounded(String name, List<Integer> shape, float[] values) implements NamedTensor {
        public Rounded {
            shape = List.copyOf(shape);
            requireSize(name, shape, values.length);
        }

        @Override
        public DType dtype() {
            return DType.BF16;
        }
    }

    /// Integer values, stored as I64.
    record Integers(String name, List<Integer> shape, long[] values) implements NamedTensor {
        public Integers {
            shape = List.copyOf(shape);
            requireSize(name, shape, values.length);
        }

        @Override
        public DType dtype() {
            return DType.I64;
        }
    }

    /// @throws IllegalArgumentException when the shape does not hold as many values as there are
    static NamedTensor of(String name, List<Integer> shape, float[] values) {
        return new Floats(name, shape, values);
    }

    /// @throws IllegalArgumentException when the shape does not hold as many values as there are
    static NamedTensor of(String name, List<Integer> shape, long[] values) {
        return new Integers(name, shape, values);
    }

    private static void requireSize(String name, List<Integer> shape, int values) {
        if (shape.stream().anyMatch(axis -> axis < 0)) {
            throw new IllegalArgumentException("tensor " + Quoted.of(name) + " has a negative axis: " + shape);
        }
        long size = 1;
        for (int axis : shape) {
            // Saturated at once, so that the product of the remaining axes cannot wrap around.
            size = Math.min(size * axis, Integer.MAX_VALUE + 1L);
        }
        if (size != values) {
            throw new IllegalArgumentException(
                    "tensor " + Quoted.of(name) + " has " + values + " values, shape " + shape + " needs " + size);
        }
    }
}
