package heed.kernel;

/// A matrix `[out, in]` rounded to whole numbers from -127 to 127 with one scale for each output, chosen so
/// that the largest weight of the output becomes ±127: `w ≈ scales[o] · values[o * in + i]`.
public record Int8Matrix(byte[] values, float[] scales) {
    private static final int MOST = 127;

    /// @throws IllegalArgumentException when a value is not finite, as there is no scale for it
    public static Int8Matrix of(float[] w, int out, int in) {
        byte[] values = new byte[w.length];
        float[] scales = new float[out];
        for (int o = 0; o < out; o++) {
            float largest = 0;
            for (int i = 0; i < in; i++) {
                float size = Math.abs(w[o * in + i]);
                if (!Float.isFinite(size)) {
                    throw new IllegalArgumentException("weight (" + o + ", " + i + ") is " + w[o * in + i]
                            + ", which int8 cannot hold; all weights must be finite");
                }
                largest = Math.max(largest, size);
            }
            scales[o] = Math.max(largest / MOST, ScalarQuantization.LEAST_SCALE);
            for (int i = 0; i < in; i++) {
                values[o * in + i] = (byte) Math.rint(w[o * in + i] / scales[o]);
            }
        }
        return new Int8Matrix(values, scales);
    }
}
