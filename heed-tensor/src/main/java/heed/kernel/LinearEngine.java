package heed.kernel;

import java.util.Set;

/// Who multiplies by the matrices of linear maps: an engine brings each into a form of its own, once, and
/// multiplies with that form from then on. [JavaEngine] runs everywhere; others are found by [LinearEngines].
public interface LinearEngine {
    /// The name for people and for `--engine`, such as `java`.
    String name();

    /// The types of weights that it can multiply with on this machine.
    Set<WeightType> types();

    /// Prepares a matrix; the array is not kept.
    ///
    /// @param values `[out, in]` in row-major order
    /// @throws IllegalArgumentException when `type` is none of [#types], when the number of values is wrong, or
    /// when a type with scales is asked for and a value is not finite
    PreparedWeight prepare(float[] values, int out, int in, WeightType type);

    /// @throws IllegalArgumentException unless there is one value for each pair of output and input
    static void check(float[] values, int out, int in) {
        if (values.length != (long) out * in) {
            throw new IllegalArgumentException(
                    "a [" + out + ", " + in + "] weight has " + (long) out * in + " values, got " + values.length);
        }
    }
}
