package heed.benchmarks;

import java.util.SplittableRandom;

/// Operands: normal numbers around 0, for others could be slower.
final class RandomFloats {
    private RandomFloats() {}

    static float[] array(int n) {
        SplittableRandom random = new SplittableRandom(n);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }
}
