package heed.claims;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.Scoring;
import heed.kernel.Kernels;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Tensor;

/// Attention that builds the matrix of weights of each head, with the fast loops that the fused attention has:
/// what the formula says, done as directly as products of matrices allow. It serves comparisons, knows no mask
/// and no bias, and has no gradient.
record MatrixAttention() implements Attention {
    @Override
    public Tensor attend(Tensor query, Tensor key, Tensor value, Heads heads, Scoring scoring, Pass pass) {
        Attention.check(query, key, value, heads, scoring);
        Compute compute = pass.compute();
        compute.requireNotRecording("attention by whole matrices");
        Tensor context = compute.take(query.size(0), query.size(1)); // [N, H·Dh]
        for (int b = 0; b < scoring.queries().count(); b++) {
            Tensor q = query.rows(scoring.queries().start(b), scoring.queries().end(b));
            Tensor k = key.rows(scoring.keys().start(b), scoring.keys().end(b));
            Tensor v = value.rows(scoring.keys().start(b), scoring.keys().end(b));
            Tensor found =
                    context.rows(scoring.queries().start(b), scoring.queries().end(b));
            for (int h = 0; h < heads.count(); h++) {
                int column = heads.queryColumn(h);
                int keyColumn = heads.keyColumn(h);
                int width = heads.width();
                Tensor weights = compute.product(
                        q.columns(column, column + width),
                        k.columns(keyColumn, keyColumn + width).transpose()); // [Tq, Tk]
                softmax(weights, scoring.scale(), compute);
                compute.setProduct(
                        weights, v.columns(keyColumn, keyColumn + width), found.columns(column, column + width));
                compute.giveBack(weights);
            }
        }
        return context;
    }

    private static void softmax(Tensor scores, float scale, Compute compute) {
        Kernels kernels = compute.kernels();
        int keys = scores.size(1);
        compute.rowBlocks(scores.size(0), row -> {
            int from = scores.offset() + row * keys;
            kernels.gradients().scale(scale, scores.values(), from, keys);
            kernels.softmax(scores.values(), from, keys);
        });
    }
}
