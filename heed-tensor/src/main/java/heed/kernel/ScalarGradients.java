package heed.kernel;

import java.util.Arrays;

/// The loops of training, written to be read: in the order of the formulas, with sums in `double`.
final class ScalarGradients implements GradientKernels {
    @Override
    public void activate(Activation activation, float[] x, int xOffset, float[] dy, int offset, int n) {
        for (int i = 0; i < n; i++) {
            dy[offset + i] = (float) (dy[offset + i] * slope(activation, x[xOffset + i]));
        }
    }

    private static double slope(Activation activation, double x) {
        return switch (activation) {
            case IDENTITY -> 1;
            case RELU -> x > 0 ? 1 : 0;
            case GELU -> // Φ(x) + x φ(x)
                0.5 * (1 + ScalarKernels.erf(x * Math.sqrt(0.5))) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            case GELU_TANH -> {
                double tanh = Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));
                double inner = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
                yield 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * inner;
            }
            case QUICK_GELU -> {
                double sigmoid = 1 / (1 + Math.exp(-1.702 * x));
                yield sigmoid * (1 + 1.702 * x * (1 - sigmoid));
            }
            case SILU -> {
                double sigmoid = 1 / (1 + Math.exp(-x));
                yield sigmoid * (1 + x * (1 - sigmoid));
            }
            case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
        };
    }

    /// With `n = (x - mean) / deviation` and `g = dy · gain`: `dx = (g - mean(g) - n · mean(g n)) / deviation`.
    @Override
    public void layerNorm(
            float[] x,
            int offset,
            int rows,
            int d,
            float[] gain,
            float eps,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            float[] dGain,
            int dGainOffset,
            float[] dBias,
            int dBiasOffset) {
        for (int row = 0; row < rows; row++) {
            int at = offset + row * d;
            int dyAt = dyOffset + row * d;
            double mean = 0;
            for (int i = 0; i < d; i++) {
                mean += (double) x[at + i] / d;
            }
            double variance = 0;
            for (int i = 0; i < d; i++) {
                variance += (x[at + i] - mean) * (x[at + i] - mean) / d;
            }
            double deviation = Math.sqrt(variance + eps);
            double meanG = 0;
            double meanGN = 0;
            for (int i = 0; i < d; i++) {
                double g = (double) dy[dyAt + i] * gain[i];
                meanG += g / d;
                meanGN += g * (x[at + i] - mean) / deviation / d;
            }
            for (int i = 0; i < d; i++) {
                double n = (x[at + i] - mean) / deviation;
                double g = (double) dy[dyAt + i] * gain[i];
                dx[dxOffset + row * d + i] += (float) ((g - meanG - n * meanGN) / deviation);
                dGain[dGainOffset + i] += (float) (dy[dyAt + i] * n);
                dBias[dBiasOffset + i] += dy[dyAt + i];
            }
        }
    }

    /// With `n = x / root` and `g = dy · gain`: `dx = (g - n · mean(g n)) / root`.
    @Override
    public void rmsNorm(
            float[] x,
            int offset,
            int rows,
            int d,
            float[] gain,
            float eps,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            float[] dGain,
            int dGainOffset) {
        for (int row = 0; row < rows; row++) {
            int at = offset + row * d;
            int dyAt = dyOffset + row * d;
            double meanSquare = 0;
            for (int i = 0; i < d; i++) {
                meanSquare += (double) x[at + i] * x[at + i] / d;
            }
            double root = Math.sqrt(meanSquare + eps);
            double meanGN = 0;
            for (int i = 0; i < d; i++) {
                meanGN += (double) dy[dyAt + i] * gain[i] * x[at + i] / root / d;
            }
            for (int i = 0; i < d; i++) {
                double n = x[at + i] / root;
                dx[dxOffset + row * d + i] += (float) (((double) dy[dyAt + i] * gain[i] - n * meanGN) / root);
                dGain[dGainOffset + i] += (float) (dy[dyAt + i] * n);
            }
        }
    }

    @Override
    public void addColumnSums(float[] x, int offset, int stride, int rows, int columns, float[] sums, int sumsOffset) {
        for (int j = 0; j < columns; j++) {
            double sum = sums[sumsOffset + j];
            for (int row = 0; row < rows; row++) {
                sum += x[offset + row * stride + j];
            }
            sums[sumsOffset + j] = (float) sum;
        }
    }

    @Override
    public void addTimes(float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset, int n) {
        for (int i = 0; i < n; i++) {
            z[zOffset + i] += x[xOffset + i] * y[yOffset + i];
        }
    }

    @Override
    public float sum(float[] x, int offset, int n) {
        double sum = 0;
        for (int i = offset; i < offset + n; i++) {
            sum += x[i];
        }
        return (float) sum;
    }

    @Override
    public float logSumExp(float[] x, int offset, int n) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + n; i++) {
            max = Math.max(max, x[i]);
        }
        if (max == Double.NEGATIVE_INFINITY) {
            return Float.NEGATIVE_INFINITY;
        }
        double sum = 0;
        for (int i = offset; i < offset + n; i++) {
            sum += Math.exp(x[i] - max);
        }
        return (float) (max + Math.log(sum));
    }

    @Override
    public void addSoftmaxGradient(
            float[] x, int offset, int n, float logSumExp, float factor, float shift, float[] dx, int dxOffset) {
        for (int i = 0; i < n; i++) {
            dx[dxOffset + i] += (float) (Math.exp((double) x[offset + i] - logSumExp) * factor + shift);
        }
    }

    @Override
    public void drop(Dropout dropout, long row, float[] x, int offset, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = dropout.keeps(row, i) ? x[offset + i] * dropout.scale() : 0;
        }
    }

    /// For each pair, with `P` the weight and `o · do` the sum over the row of `P dP`: `dV = P do`, `dP = do ·
    /// V`, `dS = P (dP - o · do)`, `dQ = dS K · scale`, `dK = dS Q · scale`. What dropout multiplies the weight
    /// by stands before `do` in the first two.
    @Override
    public void attend(AttentionGradient gradient, float[] scratch) {
        AttentionBlock block = gradient.block();
        if (gradient.scoreGradient() != null) {
            Arrays.fill(gradient.scoreGradient(), 0, block.queries() * block.keys(), 0);
        }
        for (int q = 0; q < block.queries(); q++) {
            int contextRow = block.contextOffset() + q * block.contextStride();
            double weighted = dot(block.context(), contextRow, gradient.contextGradient(), contextRow, block.dHead());
            int from = block.visibleFrom() == null ? 0 : block.visibleFrom()[q];
            int to = block.visibleTo() == null ? block.keys() : block.visibleTo()[q];
            for (int k = from; k < to; k++) {
                double weight = weight(block, q, k);
                if (weight > 0) {
                    pair(gradient, q, k, weight, weighted);
                }
            }
        }
    }

    private static double weight(AttentionBlock block, int q, int k) {
        float[] logSumExp = block.logSumExp();
        if (logSumExp == null) {
            throw new IllegalArgumentException("the row log-sum-exp of the forward pass is missing");
        }
        double rest = logSumExp[block.logSumExpOffset() + q];
        double score = ScalarKernels.score(block, q, k);
        return score == Double.NEGATIVE_INFINITY ? 0 : Math.exp(score - rest);
    }

    private static void pair(AttentionGradient gradient, int q, int k, double weight, double weighted) {
        AttentionBlock block = gradient.block();
        int contextRow = block.contextOffset() + q * block.contextStride();
        int queryRow = block.queryOffset() + q * block.queryStride();
        int keyRow = block.keyOffset() + k * block.keyStride();
        int valueRow = block.valueOffset() + k * block.valueStride();
        Dropout dropout = block.dropout();
        double share = dropout == null ? 1 : dropout.keeps(block.dropoutRow() + q, k) ? dropout.scale() : 0;
        double dWeight = share * dot(gradient.contextGradient(), contextRow, block.value(), valueRow, block.dHead());
        double dScore = weight * (dWeight - weighted);
        for (int i = 0; i < block.dHead(); i++) {
            gradient.valueGradient()[valueRow + i] +=
                    (float) (share * weight * gradient.contextGradient()[contextRow + i]);
            gradient.queryGradient()[queryRow + i] += (float) (dScore * block.scale() * block.key()[keyRow + i]);
            gradient.keyGradient()[keyRow + i] += (float) (dScore * block.scale() * block.query()[queryRow + i]);
        }
        if (gradient.scoreGradient() != null) {
            gradient.scoreGradient()[q * block.keys() + k] = (float) dScore;
        }
    }

    private static double dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) a[aOffset + i] * b[bOffset + i];
        }
        return sum;
    }

    @Override
    public int attentionScratch(int dHead) {
        return 0;
    }

    @Override
    public void adam(
            float[] x,
            float[] gradient,
            float[] m,
            float[] v,
            int offset,
            int n,
            float beta1,
            float beta2,
            float keep,
            float rate,
            float correction,
            float eps) {
        for (int i = offset; i < offset + n; i++) {
            double g = gradient[i];
            m[i] = (float) (beta1 * (double) m[i] + (1.0 - beta1) * g);
            v[i] = (float) (beta2 * (double) v[i] + (1.0 - beta2) * g * g);
            x[i] = (float) (x[i] * (double) keep - rate * (double) m[i] / (Math.sqrt(v[i]) * correction + eps));
        }
    }

    @Override
    public void scale(float factor, float[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i++) {
            x[i] *= factor;
        }
    }

    @Override
    public boolean finite(float[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i++) {
            if (!Float.isFinite(x[i])) {
                return false;
            }
        }
        return true;
    }
}
