package heed.kernel;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How the numbers of a [PreparedWeight] are kept.
public enum WeightType {
    /// 32 bits each: exact.
    F32(4),
    /// The upper half of a 32-bit float (8 bits of exponent, 8 of significand), rounded to the nearest.
    BF16(2),
    /// Whole numbers from -127 to 127 and one scale for each output, so that the largest weight of an output is
    /// ±127.
    INT8(1);

    private final int bytes;

    WeightType(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes of one weight.
    public int bytes() {
        return bytes;
    }

    /// The type that a person calls `f32`, `bf16` or `int8`, in any case.
    ///
    /// @throws IllegalArgumentException when there is none, naming those that there are
    public static WeightType of(String label) {
        return Arrays.stream(values())
                .filter(type -> type.name().equalsIgnoreCase(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no weight type " + label + ", only "
                        + Arrays.stream(values()).map(WeightType::toString).collect(Collectors.joining(", "))));
    }

    /// The name for people: `f32`, `bf16`, `int8`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
