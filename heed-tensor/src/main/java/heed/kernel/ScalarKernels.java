package heed.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What each loop computes, written to be read: plain loops in the order of the formulas, with sums in
/// `double`, so that it also serves as the referee of faster implementations. It runs wherever Java runs.
final class ScalarKernels implements Kernels {
    private final Widening widening = new ScalarWidening();
    private final Quantization quantization = new ScalarQuantization();

    private static final int PANEL_WIDTH = 16;

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int panelWidth() {
        return PANEL_WIDTH;
    }

    @Override
    public void multiply(
            float[] a,
            int aOffset,
            int aStride,
            int m,
            PackedMatrix b,
            int firstPanel,
            int lastPanel,
            float @Nullable [] bias,
            float[] c,
            int cOffset,
            int cStride) {
        float[] panels = b.panels();
        double[] sums = new double[PANEL_WIDTH];
        for (int row = 0; row < m; row++) {
            for (int panel = firstPanel; panel < lastPanel; panel++) {
                Arrays.fill(sums, 0);
                for (int k = 0; k < b.rows(); k++) {
                    double x = a[aOffset + row * aStride + k];
                    int at = (panel * b.rows() + k) * PANEL_WIDTH;
                    for (int j = 0; j < PANEL_WIDTH; j++) {
                        sums[j] += x * panels[at + j];
                    }
                }
                int first = panel * PANEL_WIDTH;
                for (int n = first; n < Math.min(first + PANEL_WIDTH, b.columns()); n++) {
                    double shift = bias == null ? 0 : bias[n];
                    c[cOffset + row * cStride + n] = (float) (sums[n - first] + shift);
                }
            }
        }
    }

    @Override
    public void pack(MatrixView b, int k, int n, int firstPanel, int lastPanel, float[] panels) {
        for (int panel = firstPanel; panel < lastPanel; panel++) {
            for (int row = 0; row < k; row++) {
                for (int j = 0; j < PANEL_WIDTH; j++) {
                    int column = panel * PANEL_WIDTH + j;
                    int from = b.offset() + row * b.rowStride() + column * b.columnStride();
                    panels[(panel * k + row) * PANEL_WIDTH + j] = column < n ? b.values()[from] : 0;
                }
            }
        }
    }

    @Override
    public void multiply(
            MatrixView a,
            int m,
            int k,
            float[] panels,
            int n,
            int firstPanel,
            int lastPanel,
            float @Nullable [] bias,
            int biasOffset,
            boolean accumulate,
            float[] c,
            int cOffset,
            int cStride,
            float[] scratch) {
        for (int row = 0; row < m; row++) {
            for (int column = firstPanel * PANEL_WIDTH; column < Math.min(lastPanel * PANEL_WIDTH, n); column++) {
                int x = a.offset() + row * a.rowStride();
                int y = column / PANEL_WIDTH * k * PANEL_WIDTH + column % PANEL_WIDTH;
                int to = cOffset + row * cStride + column;
                double sum = accumulate ? c[to] : bias == null ? 0 : bias[biasOffset + column];
                for (int i = 0; i < k; i++) {
                    sum += (double) a.values()[x + i * a.columnStride()] * panels[y + i * PANEL_WIDTH];
                }
                c[to] = (float) sum;
            }
        }
    }

    @Override
    public int multiplyScratch(int m, int k) {
        return 0;
    }

    @Override
    public Quantization quantization() {
        return quantization;
    }

    @Override
    public Widening widening() {
        return widening;
    }

    @Override
    public float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) a[aOffset + i] * b[bOffset + i];
        }
        return (float) sum;
    }

    @Override
    public void addScaled(float factor, float[] x, int xOffset, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] += factor * x[xOffset + i];
        }
    }

    @Override
    public void add(float[] x, int xOffset, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] += x[xOffset + i];
        }
    }

    @Override
    public void activate(Activation activation, float[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i++) {
            x[i] = (float) activated(activation, x[i]);
        }
    }

    private static double activated(Activation activation, double x) {
        return switch (activation) {
            case IDENTITY -> x;
            case RELU -> Math.max(0, x);
            case GELU -> timesShare(x, 0.5 * (1 + erf(x * Math.sqrt(0.5))));
            case GELU_TANH -> timesShare(x, 0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))));
            case QUICK_GELU -> timesShare(x, 1 / (1 + Math.exp(-1.702 * x)));
            case SILU -> timesShare(x, 1 / (1 + Math.exp(-x)));
            case TANH -> Math.tanh(x);
        };
    }

    /// `x * share`, and the limit 0 rather than NaN for `x = -∞`, whose share is 0.
    private static double timesShare(double x, double share) {
        return share == 0 ? 0 : x * share;
    }

    /// `erf x = 2/√π e^(-x²) Σ 2ⁿ x²ⁿ⁺¹ / (1·3·5 ⋯ (2n+1))` (Abramowitz and Stegun, 7.1.6). All terms have
    /// the sign of `x`, so nothing cancels.
    static double erf(double x) {
        if (Math.abs(x) > 6) { // 1 - erf 6 is below the spacing of doubles at 1
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    @Override
    public void exp(float[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i++) {
            x[i] = (float) Math.exp(x[i]);
        }
    }

    @Override
    public void softmax(float[] x, int offset, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + n; i++) {
            max = Math.max(max, x[i]);
        }
        if (max == Float.NEGATIVE_INFINITY) {
            Arrays.fill(x, offset, offset + n, 0);
            return;
        }
        double sum = 0;
        for (int i = offset; i < offset + n; i++) {
            sum += Math.exp((double) x[i] - max);
        }
        for (int i = offset; i < offset + n; i++) {
            x[i] = (float) (Math.exp((double) x[i] - max) / sum);
        }
    }

    @Override
    public void layerNorm(
            float[] x,
            int offset,
            float @Nullable [] residual,
            int residualOffset,
            int rows,
            int d,
            float[] gain,
            float[] bias,
            float eps,
            float[] y,
            int yOffset) {
        double[] sum = new double[d]; // x, plus the residual where there is one
        for (int row = 0; row < rows; row++) {
            double mean = 0;
            for (int i = 0; i < d; i++) {
                double added = residual == null ? 0 : residual[residualOffset + row * d + i];
                sum[i] = x[offset + row * d + i] + added;
                mean += sum[i] / d;
            }
            double variance = 0;
            for (int i = 0; i < d; i++) {
                variance += (sum[i] - mean) * (sum[i] - mean) / d;
            }
            double deviation = Math.sqrt(variance + eps);
            for (int i = 0; i < d; i++) {
                y[yOffset + row * d + i] = (float) ((sum[i] - mean) / deviation * gain[i] + bias[i]);
            }
        }
    }

    @Override
    public void attend(AttentionBlock block, float[] scratch) {
        double[] scores = new double[block.keys()];
        double[] context = new double[block.dHead()];
        for (int q = 0; q < block.queries(); q++) {
            int from = block.visibleFrom() == null ? 0 : block.visibleFrom()[q];
            int to = block.visibleTo() == null ? block.keys() : block.visibleTo()[q];

            double max = Double.NEGATIVE_INFINITY;
            for (int k = from; k < to; k++) {
                scores[k] = score(block, q, k);
                max = Math.max(max, scores[k]);
            }

            double sum = 0;
            Arrays.fill(context, 0);
            for (int k = from; k < to && max > Double.NEGATIVE_INFINITY; k++) {
                double weight = Math.exp(scores[k] - max);
                sum += weight;
                double share = block.dropout() == null ? 1 : share(block, block.dropout(), q, k);
                for (int i = 0; i < block.dHead(); i++) {
                    context[i] += share * weight * block.value()[block.valueOffset() + k * block.valueStride() + i];
                }
            }

            for (int i = 0; i < block.dHead(); i++) {
                int at = block.contextOffset() + q * block.contextStride() + i;
                block.context()[at] = sum == 0 ? 0 : (float) (context[i] / sum);
            }
            if (block.logSumExp() != null) {
                block.logSumExp()[block.logSumExpOffset() + q] = (float) (max + Math.log(sum));
            }
        }
    }

    /// What dropout multiplies a weight by.
    private static double share(AttentionBlock block, Dropout dropout, int q, int k) {
        return dropout.keeps(block.dropoutRow() + q, k) ? dropout.scale() : 0;
    }

    /// `query · key · scale + bias`
    static double score(AttentionBlock block, int q, int k) {
        int query = block.queryOffset() + q * block.queryStride();
        int key = block.keyOffset() + k * block.keyStride();
        double dot = 0;
        for (int i = 0; i < block.dHead(); i++) {
            dot += (double) block.query()[query + i] * block.key()[key + i];
        }
        double bias = block.bias() == null ? 0 : block.bias()[block.biasOffset() + q * block.biasStride() + k];
        return dot * block.scale() + bias;
    }

    @Override
    public int attentionScratch(int dHead) {
        return 0;
    }

    @Override
    public GradientKernels gradients() {
        return new ScalarGradients();
    }

    @Override
    public RecurrentKernels recurrent() {
        return new ScalarRecurrent();
    }
}
