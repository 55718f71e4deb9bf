package heed.kernel;

import static heed.kernel.VectorMath.sum;
import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;

import jdk.incubator.vector.FloatVector;

/// The steps of recurrent networks on vector registers, by the rules of [VectorKernels]: a loop uses one
/// function of [VectorMath], so a step is some loops over rows that stay in the nearest cache.
///
/// What is left at the end of a row runs on the readable loops: masks in all of these loops are so much more to
/// compile that the compiler gives up, and every vector becomes an object.
final class VectorRecurrent implements RecurrentKernels {
    /// The elements that whole vectors take.
    private static int whole(int width) {
        return width - width % LANES;
    }

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
        int whole = whole(width);
        ScalarRecurrent.lstmFrom(
                whole,
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
        for (int gate = 0; gate < 4; gate++) {
            add(whole, sums, sumsOffset + gate * width, gates, gatesOffset + gate * width);
        }
        int output = gatesOffset + 3 * width;
        for (int part = 0; part < 5; part++) { // one call for all of them, see [#squash]
            int gate = gatesOffset + part * width;
            boolean last = part == 4;
            if (last) {
                remember(whole, width, gates, gatesOffset, before, beforeOffset, cell, cellOffset);
            }
            squash(
                    whole,
                    part == 2 || last,
                    last ? cell : gates,
                    last ? cellOffset : gate,
                    last ? hidden : gates,
                    last ? hiddenOffset : gate);
        }
        times(whole, gates, output, hidden, hiddenOffset, hidden, hiddenOffset);
    }

    /// `cell = f before + i g`
    private static void remember(
            int n,
            int width,
            float[] gates,
            int offset,
            float[] before,
            int beforeOffset,
            float[] cell,
            int cellOffset) {
        for (int j = 0; j < n; j += LANES) {
            FloatVector written = FloatVector.fromArray(FLOATS, gates, offset + j)
                    .mul(FloatVector.fromArray(FLOATS, gates, offset + 2 * width + j));
            FloatVector.fromArray(FLOATS, gates, offset + width + j)
                    .fma(FloatVector.fromArray(FLOATS, before, beforeOffset + j), written)
                    .intoArray(cell, cellOffset + j);
        }
    }

    /// `y = sigmoid(x)`, or `y = tanh(x) = 2 sigmoid(2x) - 1`, which is off by 1e-7 at most.
    ///
    /// A method that comes to contain two functions like sigmoid is too much to compile. So there is this one
    /// for both, and whoever needs it several times calls it in a loop, at one place.
    private static void squash(int n, boolean tanh, float[] x, int offset, float[] y, int yOffset) {
        float stretch = tanh ? 2 : 1;
        float shift = 1 - stretch;
        for (int i = 0; i < n; i += LANES) {
            VectorMath.sigmoid(FloatVector.fromArray(FLOATS, x, offset + i).mul(stretch))
                    .mul(stretch)
                    .add(shift)
                    .intoArray(y, yOffset + i);
        }
    }

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
        int whole = whole(width);
        ScalarRecurrent.lstmBackFrom(
                whole,
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
        throughOutput(
                whole,
                cell,
                cellOffset,
                gates,
                gatesOffset + 3 * width,
                dHidden,
                dHiddenOffset,
                dCell,
                dCellOffset,
                dSums,
                dSumsOffset + 3 * width);
        throughWritten(whole, width, gates, gatesOffset, dCell, dCellOffset, dSums, dSumsOffset);
        throughKept(
                whole,
                gates,
                gatesOffset + width,
                before,
                beforeOffset,
                dCell,
                dCellOffset,
                dSums,
                dSumsOffset + width);
    }

    /// `h = o tanh(c)`: `dO = dH tanh(c) o (1 - o)`, `dC += dH o (1 - tanh²(c))`.
    private static void throughOutput(
            int n,
            float[] cell,
            int cellOffset,
            float[] gate,
            int gateOffset,
            float[] dHidden,
            int dHiddenOffset,
            float[] dCell,
            int dCellOffset,
            float[] dSums,
            int dSumsOffset) {
        for (int j = 0; j < n; j += LANES) {
            FloatVector tanh = VectorMath.tanh(FloatVector.fromArray(FLOATS, cell, cellOffset + j));
            FloatVector o = FloatVector.fromArray(FLOATS, gate, gateOffset + j);
            FloatVector dHo =
                    FloatVector.fromArray(FLOATS, dHidden, dHiddenOffset + j).mul(o);
            dHo.sub(dHo.mul(o)).mul(tanh).intoArray(dSums, dSumsOffset + j);
            FloatVector.fromArray(FLOATS, dCell, dCellOffset + j)
                    .add(dHo.sub(dHo.mul(tanh).mul(tanh)))
                    .intoArray(dCell, dCellOffset + j);
        }
    }

    /// `i g`: `dI = dC g i (1 - i)`, `dG = dC i (1 - g²)`.
    private static void throughWritten(
            int n,
            int width,
            float[] gates,
            int offset,
            float[] dCell,
            int dCellOffset,
            float[] dSums,
            int dSumsOffset) {
        for (int j = 0; j < n; j += LANES) {
            FloatVector i = FloatVector.fromArray(FLOATS, gates, offset + j);
            FloatVector g = FloatVector.fromArray(FLOATS, gates, offset + 2 * width + j);
            FloatVector dCi =
                    FloatVector.fromArray(FLOATS, dCell, dCellOffset + j).mul(i);
            dCi.sub(dCi.mul(i)).mul(g).intoArray(dSums, dSumsOffset + j);
            dCi.sub(dCi.mul(g).mul(g)).intoArray(dSums, dSumsOffset + 2 * width + j);
        }
    }

    /// `f c`: `dF = dC c f (1 - f)`, then `dC = dC f`.
    private static void throughKept(
            int n,
            float[] gate,
            int gateOffset,
            float[] before,
            int beforeOffset,
            float[] dCell,
            int dCellOffset,
            float[] dSums,
            int dSumsOffset) {
        for (int j = 0; j < n; j += LANES) {
            FloatVector f = FloatVector.fromArray(FLOATS, gate, gateOffset + j);
            FloatVector dCf =
                    FloatVector.fromArray(FLOATS, dCell, dCellOffset + j).mul(f);
            dCf.intoArray(dCell, dCellOffset + j);
            dCf.sub(dCf.mul(f))
                    .mul(FloatVector.fromArray(FLOATS, before, beforeOffset + j))
                    .intoArray(dSums, dSumsOffset + j);
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
        int whole = whole(width);
        ScalarRecurrent.gruFrom(
                whole, width, gates, gatesOffset, sums, sumsOffset, before, beforeOffset, hidden, hiddenOffset);
        int reset = gatesOffset;
        int candidate = gatesOffset + 2 * width;
        for (int gate = 0; gate < 3; gate++) { // one call for all of them, see [#squash]
            int at = gatesOffset + gate * width;
            if (gate < 2) {
                add(whole, sums, sumsOffset + gate * width, gates, at);
            } else {
                addTimes(whole, gates, reset, sums, sumsOffset + 2 * width, gates, candidate);
            }
            squash(whole, gate == 2, gates, at, gates, at);
        }
        for (int j = 0; j < whole; j += LANES) {
            FloatVector n = FloatVector.fromArray(FLOATS, gates, candidate + j);
            FloatVector.fromArray(FLOATS, before, beforeOffset + j)
                    .sub(n)
                    .fma(FloatVector.fromArray(FLOATS, gates, gatesOffset + width + j), n)
                    .intoArray(hidden, hiddenOffset + j);
        }
    }

    /// `y += x`
    private static void add(int n, float[] x, int offset, float[] y, int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(FLOATS, y, yOffset + i)
                    .add(FloatVector.fromArray(FLOATS, x, offset + i))
                    .intoArray(y, yOffset + i);
        }
    }

    /// `z += x y`
    private static void addTimes(int n, float[] x, int offset, float[] y, int yOffset, float[] z, int zOffset) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(FLOATS, x, offset + i)
                    .fma(FloatVector.fromArray(FLOATS, y, yOffset + i), FloatVector.fromArray(FLOATS, z, zOffset + i))
                    .intoArray(z, zOffset + i);
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
        int whole = whole(width);
        ScalarRecurrent.gruBackFrom(
                whole,
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
        throughMixture(
                whole, width, gates, gatesOffset, before, beforeOffset, dHidden, dHiddenOffset, dInput, dInputOffset);
        throughReset(whole, width, gates, gatesOffset, candidate, candidateOffset, dInput, dInputOffset);
        System.arraycopy(dInput, dInputOffset, dSums, dSumsOffset, whole);
        System.arraycopy(dInput, dInputOffset + width, dSums, dSumsOffset + width, whole);
        times(whole, gates, gatesOffset, dInput, dInputOffset + 2 * width, dSums, dSumsOffset + 2 * width);
    }

    /// `h' = (1 - z) n + z h`: `dN = dH (1 - z) (1 - n²)`, `dZ = dH (h - n) z (1 - z)`, then `dH = dH z`.
    private static void throughMixture(
            int whole,
            int width,
            float[] gates,
            int offset,
            float[] before,
            int beforeOffset,
            float[] dHidden,
            int dHiddenOffset,
            float[] dInput,
            int dInputOffset) {
        for (int j = 0; j < whole; j += LANES) {
            FloatVector z = FloatVector.fromArray(FLOATS, gates, offset + width + j);
            FloatVector n = FloatVector.fromArray(FLOATS, gates, offset + 2 * width + j);
            FloatVector dH = FloatVector.fromArray(FLOATS, dHidden, dHiddenOffset + j);
            FloatVector dHz = dH.mul(z);
            FloatVector dHn = dH.sub(dHz);
            dHz.intoArray(dHidden, dHiddenOffset + j);
            dHn.sub(dHn.mul(n).mul(n)).intoArray(dInput, dInputOffset + 2 * width + j);
            FloatVector.fromArray(FLOATS, before, beforeOffset + j)
                    .sub(n)
                    .mul(dHz.sub(dHz.mul(z)))
                    .intoArray(dInput, dInputOffset + width + j);
        }
    }

    /// `r c` inside `n`: `dR = dN c r (1 - r)`.
    private static void throughReset(
            int whole,
            int width,
            float[] gates,
            int offset,
            float[] candidate,
            int candidateOffset,
            float[] dInput,
            int dInputOffset) {
        for (int j = 0; j < whole; j += LANES) {
            FloatVector r = FloatVector.fromArray(FLOATS, gates, offset + j);
            FloatVector dNr = FloatVector.fromArray(FLOATS, dInput, dInputOffset + 2 * width + j)
                    .mul(r);
            FloatVector.fromArray(FLOATS, candidate, candidateOffset + j)
                    .mul(dNr.sub(dNr.mul(r)))
                    .intoArray(dInput, dInputOffset + j);
        }
    }

    /// `z = x y`
    private static void times(int n, float[] x, int offset, float[] y, int yOffset, float[] z, int zOffset) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(FLOATS, x, offset + i)
                    .mul(FloatVector.fromArray(FLOATS, y, yOffset + i))
                    .intoArray(z, zOffset + i);
        }
    }

    @Override
    public float additiveScore(int n, float[] x, int xOffset, float[] y, int yOffset, float[] w, int wOffset) {
        int whole = whole(n);
        FloatVector total = FloatVector.zero(FLOATS);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector sum =
                    FloatVector.fromArray(FLOATS, x, xOffset + j).add(FloatVector.fromArray(FLOATS, y, yOffset + j));
            total = VectorMath.tanh(sum).fma(FloatVector.fromArray(FLOATS, w, wOffset + j), total);
        }
        return sum(total) + ScalarRecurrent.additiveScoreFrom(whole, n, x, xOffset, y, yOffset, w, wOffset);
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
        int whole = whole(n);
        ScalarRecurrent.additiveScoreBackFrom(
                whole, n, dScore, x, xOffset, y, yOffset, w, wOffset, dx, dxOffset, dy, dyOffset, dw, dwOffset);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector sum =
                    FloatVector.fromArray(FLOATS, x, xOffset + j).add(FloatVector.fromArray(FLOATS, y, yOffset + j));
            FloatVector tanh = VectorMath.tanh(sum);
            FloatVector weight = FloatVector.fromArray(FLOATS, w, wOffset + j).mul(dScore);
            FloatVector dSum = weight.sub(weight.mul(tanh).mul(tanh));
            dSum.add(FloatVector.fromArray(FLOATS, dx, dxOffset + j)).intoArray(dx, dxOffset + j);
            dSum.add(FloatVector.fromArray(FLOATS, dy, dyOffset + j)).intoArray(dy, dyOffset + j);
            tanh.mul(dScore)
                    .add(FloatVector.fromArray(FLOATS, dw, dwOffset + j))
                    .intoArray(dw, dwOffset + j);
        }
    }
}
