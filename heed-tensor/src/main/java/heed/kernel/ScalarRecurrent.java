package heed.kernel;

/// The steps of recurrent networks, written to be read. Those that begin at an element `from` serve the vector
/// loops for what is left at the end of a row.
final class ScalarRecurrent implements RecurrentKernels {
    @Override
    public void lstm(
            int width,
            float[] gates,
            int gatesOffset,
            float[] sums,
            int sumsOffset,
            float[] before,
            int beforeOffset,
            float[] cell,
            int cellOffset,
            float[] hidden,
            int hiddenOffset) {
        lstmFrom(
                0,
                width,
                gates,
                gatesOffset,
                sums,
                sumsOffset,
                before,
                beforeOffset,
                cell,
                cellOffset,
                hidden,
                hiddenOffset);
    }

    static void lstmFrom(
            int from,
            int width,
            float[] gates,
            int gatesOffset,
            float[] sums,
            int sumsOffset,
            float[] before,
            int beforeOffset,
            float[] cell,
            int cellOffset,
            float[] hidden,
            int hiddenOffset) {
        for (int j = from; j < width; j++) {
            int at = gatesOffset + j;
            int sum = sumsOffset + j;
            double i = sigmoid((double) gates[at] + sums[sum]);
            double f = sigmoid((double) gates[at + width] + sums[sum + width]);
            double g = Math.tanh((double) gates[at + 2 * width] + sums[sum + 2 * width]);
            double o = sigmoid((double) gates[at + 3 * width] + sums[sum + 3 * width]);
            double c = f * before[beforeOffset + j] + i * g;
            gates[at] = (float) i;
            gates[at + width] = (float) f;
            gates[at + 2 * width] = (float) g;
            gates[at + 3 * width] = (float) o;
            cell[cellOffset + j] = (float) c;
            hidden[hiddenOffset + j] = (float) (o * Math.tanh(c));
        }
    }

    /// The slope of a sigmoid is `s (1 - s)`, that of a tanh `1 - t²`.
    @Override
    public void lstmBack(
            int width,
            float[] gates,
            int gatesOffset,
            float[] before,
            int beforeOffset,
            float[] cell,
            int cellOffset,
            float[] dHidden,
            int dHiddenOffset,
            float[] dCell,
            int dCellOffset,
            float[] dSums,
            int dSumsOffset) {
        lstmBackFrom(
                0,
                width,
                gates,
                gatesOffset,
                before,
                beforeOffset,
                cell,
                cellOffset,
                dHidden,
                dHiddenOffset,
                dCell,
                dCellOffset,
                dSums,
                dSumsOffset);
    }

    static void lstmBackFrom(
            int from,
            int width,
            float[] gates,
            int gatesOffset,
            float[] before,
            int beforeOffset,
            float[] cell,
            int cellOffset,
            float[] dHidden,
            int dHiddenOffset,
            float[] dCell,
            int dCellOffset,
            float[] dSums,
            int dSumsOffset) {
        for (int j = from; j < width; j++) {
            int at = gatesOffset + j;
            double i = gates[at];
            double f = gates[at + width];
            double g = gates[at + 2 * width];
            double o = gates[at + 3 * width];
            double tanh = Math.tanh(cell[cellOffset + j]);
            double dH = dHidden[dHiddenOffset + j];
            double dC = dCell[dCellOffset + j] + dH * o * (1 - tanh * tanh);
            dCell[dCellOffset + j] = (float) (dC * f);
            int to = dSumsOffset + j;
            dSums[to] = (float) (dC * g * i * (1 - i));
            dSums[to + width] = (float) (dC * before[beforeOffset + j] * f * (1 - f));
            dSums[to + 2 * width] = (float) (dC * i * (1 - g * g));
            dSums[to + 3 * width] = (float) (dH * tanh * o * (1 - o));
        }
    }

    @Override
    public void gru(
            int width,
            float[] gates,
            int gatesOffset,
            float[] sums,
            int sumsOffset,
            float[] before,
            int beforeOffset,
            float[] hidden,
            int hiddenOffset) {
        gruFrom(0, width, gates, gatesOffset, sums, sumsOffset, before, beforeOffset, hidden, hiddenOffset);
    }

    static void gruFrom(
            int from,
            int width,
            float[] gates,
            int gatesOffset,
            float[] sums,
            int sumsOffset,
            float[] before,
            int beforeOffset,
            float[] hidden,
            int hiddenOffset) {
        for (int j = from; j < width; j++) {
            int at = gatesOffset + j;
            int sum = sumsOffset + j;
            double r = sigmoid((double) gates[at] + sums[sum]);
            double z = sigmoid((double) gates[at + width] + sums[sum + width]);
            double n = Math.tanh(gates[at + 2 * width] + r * sums[sum + 2 * width]);
            gates[at] = (float) r;
            gates[at + width] = (float) z;
            gates[at + 2 * width] = (float) n;
            hidden[hiddenOffset + j] = (float) ((1 - z) * n + z * before[beforeOffset + j]);
        }
    }

    @Override
    public void gruBack(
            int width,
            float[] gates,
            int gatesOffset,
            float[] candidate,
            int candidateOffset,
            float[] before,
            int beforeOffset,
            float[] dHidden,
            int dHiddenOffset,
            float[] dInput,
            int dInputOffset,
            float[] dSums,
            int dSumsOffset) {
        gruBackFrom(
                0,
                width,
                gates,
                gatesOffset,
                candidate,
                candidateOffset,
                before,
                beforeOffset,
                dHidden,
                dHiddenOffset,
                dInput,
                dInputOffset,
                dSums,
                dSumsOffset);
    }

    static void gruBackFrom(
            int from,
            int width,
            float[] gates,
            int gatesOffset,
            float[] candidate,
            int candidateOffset,
            float[] before,
            int beforeOffset,
            float[] dHidden,
            int dHiddenOffset,
            float[] dInput,
            int dInputOffset,
            float[] dSums,
            int dSumsOffset) {
        for (int j = from; j < width; j++) {
            int at = gatesOffset + j;
            double r = gates[at];
            double z = gates[at + width];
            double n = gates[at + 2 * width];
            double dH = dHidden[dHiddenOffset + j];
            double dN = dH * (1 - z) * (1 - n * n);
            float dR = (float) (dN * candidate[candidateOffset + j] * r * (1 - r));
            float dZ = (float) (dH * (before[beforeOffset + j] - n) * z * (1 - z));
            dHidden[dHiddenOffset + j] = (float) (dH * z);
            dInput[dInputOffset + j] = dR;
            dInput[dInputOffset + width + j] = dZ;
            dInput[dInputOffset + 2 * width + j] = (float) dN;
            dSums[dSumsOffset + j] = dR;
            dSums[dSumsOffset + width + j] = dZ;
            dSums[dSumsOffset + 2 * width + j] = (float) (dN * r);
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Override
    public float additiveScore(int n, float[] x, int xOffset, float[] y, int yOffset, float[] w, int wOffset) {
        return additiveScoreFrom(0, n, x, xOffset, y, yOffset, w, wOffset);
    }

    static float additiveScoreFrom(
            int from, int n, float[] x, int xOffset, float[] y, int yOffset, float[] w, int wOffset) {
        double sum = 0;
        for (int j = from; j < n; j++) {
            sum += w[wOffset + j] * Math.tanh((double) x[xOffset + j] + y[yOffset + j]);
        }
        return (float) sum;
    }

    @Override
    public void additiveScoreBack(
            int n,
            float dScore,
            float[] x,
            int xOffset,
            float[] y,
            int yOffset,
            float[] w,
            int wOffset,
            float[] dx,
            int dxOffset,
            float[] dy,
            int dyOffset,
            float[] dw,
            int dwOffset) {
        additiveScoreBackFrom(
                0, n, dScore, x, xOffset, y, yOffset, w, wOffset, dx, dxOffset, dy, dyOffset, dw, dwOffset);
    }

    static void additiveScoreBackFrom(
            int from,
            int n,
            float dScore,
            float[] x,
            int xOffset,
            float[] y,
            int yOffset,
            float[] w,
            int wOffset,
            float[] dx,
            int dxOffset,
            float[] dy,
            int dyOffset,
            float[] dw,
            int dwOffset) {
        for (int j = from; j < n; j++) {
            double tanh = Math.tanh((double) x[xOffset + j] + y[yOffset + j]);
            float dSum = (float) (dScore * w[wOffset + j] * (1 - tanh * tanh));
            dx[dxOffset + j] += dSum;
            dy[dyOffset + j] += dSum;
            dw[dwOffset + j] += (float) (dScore * tanh);
        }
    }
}
