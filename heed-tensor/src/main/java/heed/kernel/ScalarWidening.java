package heed.kernel;

import org.jspecify.annotations.Nullable;

/// The readable implementation; rows are multiplied by what [Kernels#multiply] can read.
final class ScalarWidening implements Widening {
    @Override
    public void widen(NarrowMatrix b, int panel, float[] to) {
        int width = b.panelWidth();
        for (int j = 0; j < width; j++) {
            int n = panel * width + j;
            for (int k = 0; k < b.rows(); k++) {
                to[k * width + j] = n < b.columns() ? b.unscaled(k, n) : 0;
            }
        }
    }

    @Override
    public boolean multipliesRows(WeightType type) {
        return false;
    }

    @Override
    public void multiplyRow(
            float[] a, int aOffset, NarrowMatrix b, int panel, float @Nullable [] bias, float[] c, int cOffset) {
        throw new UnsupportedOperationException("rows are multiplied after widening");
    }
}
