package heed.attention;

import heed.pass.Pass;
import heed.pass.Point;
import heed.tensor.Tensor;

/// The formula, written to be read: scores, mask, softmax, weighted sum, head by head, with sums in double
/// precision. It builds the weights, so whoever wants to see or edit them is served here.
public record ScaledDotProduct() implements Attention {
    @Override
    public Tensor attend(Tensor query, Tensor key, Tensor value, Heads heads, Scoring scoring, Pass pass) {
        Attention.check(query, key, value, heads, scoring);
        pass.compute().requireNotRecording("the readable attention, as where weights are watched,");
        Tensor context = pass.compute().take(query.size(0), query.size(1)); // [Nq, H·Dh]
        for (int b = 0; b < scoring.queries().count(); b++) {
            Tensor q = query.rows(scoring.queries().start(b), scoring.queries().end(b)); // [Tq, H·Dh]
            Tensor k = key.rows(scoring.keys().start(b), scoring.keys().end(b)); // [Tk, Hkv·Dh]
            Tensor v = value.rows(scoring.keys().start(b), scoring.keys().end(b)); // [Tk, Hkv·Dh]
            Tensor scores = pass.see(Point.SCORES, b, scores(b, q, k, heads, scoring)); // [H, Tq, Tk]
            if (pass.wants(Point.LOG_SUM_EXP)) {
                pass.see(Point.LOG_SUM_EXP, b, scores.logSumExp());
            }
            Tensor weights = pass.see(Point.WEIGHTS, b, scores.softmax()); // [H, Tq, Tk]
            for (int h = 0; h < heads.count(); h++) {
                Tensor weighted = weightedSum(weights.part(h), head(v, heads.keyColumn(h), heads)); // [Tq, Dh]
                copyInto(context, scoring.queries().start(b), heads.queryColumn(h), weighted);
            }
        }
        return context;
    }

    /// `Q Kᵀ · scale + bias`, hidden pairs `-∞`: `[H, Tq, Tk]`.
    private static Tensor scores(int sequence, Tensor q, Tensor k, Heads heads, Scoring scoring) {
        int queries = q.size(0);
        int keys = k.size(0);
        Tensor all = Tensor.zeros(heads.count(), queries, keys);
        for (int h = 0; h < heads.count(); h++) {
            Tensor queryHead = head(q, heads.queryColumn(h), heads); // [Tq, Dh]
            Tensor keyHead = head(k, heads.keyColumn(h), heads); // [Tk, Dh]
            Tensor products = queryHead.matmul(keyHead.transpose()); // [Tq, Tk]
            for (int i = 0; i < queries; i++) {
                for (int j = 0; j < keys; j++) {
                    all.set(scoring.score(products.at(i, j), sequence, h, i, j), h, i, j);
                }
            }
        }
        return all;
    }

    /// The product `weights · v` without the terms of weight 0: what is hidden leaves no trace even where it is
    /// infinite or NaN, which 0 times it would not undo.
    private static Tensor weightedSum(Tensor weights, Tensor v) {
        Tensor sum = Tensor.zeros(weights.size(0), v.size(1));
        for (int i = 0; i < weights.size(0); i++) {
            double[] row = new double[v.size(1)];
            for (int j = 0; j < weights.size(1); j++) {
                double weight = weights.at(i, j);
                int from = v.offset() + j * v.stride(0);
                for (int column = 0; weight != 0 && column < row.length; column++) {
                    row[column] += weight * v.values()[from + column];
                }
            }
            for (int column = 0; column < row.length; column++) {
                sum.set((float) row[column], i, column);
            }
        }
        return sum;
    }

    private static Tensor head(Tensor rows, int column, Heads heads) {
        return rows.columns(column, column + heads.width());
    }

    private static void copyInto(Tensor target, int row, int column, Tensor block) {
        for (int i = 0; i < block.size(0); i++) {
            System.arraycopy(
                    block.values(),
                    i * block.size(1),
                    target.values(),
                    (row + i) * target.stride(0) + column,
                    block.size(1));
        }
    }
}
