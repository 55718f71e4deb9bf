package heed.tensor;

import heed.kernel.Kernels;
import heed.kernel.RecurrentKernels;
import java.util.Arrays;

/// The two halves of attention whose scores are no products: weights of pairs, and the sums that they weigh.
final class AdditiveAttention {
    private final Compute compute;
    private final Kernels kernels;
    private final RecurrentKernels loops;

    AdditiveAttention(Compute compute) {
        this.compute = compute;
        this.kernels = compute.kernels();
        this.loops = kernels.recurrent();
    }

    Tensor weights(Tensor query, Tensor key, Tensor score, Pairs pairs) {
        pairs.check(query, key);
        int width = score.size(0);
        if (query.size(1) != width || key.size(1) != width) {
            throw new IllegalArgumentException("query has shape " + query.shape() + " and key " + key.shape()
                    + ", the score expects columns for its " + width + " values");
        }
        Tensor weights = compute.take(pairs.count(), 1);
        compute.parallel(pairs.queries().count(), b -> {
            int keys = pairs.keys().length(b);
            int at = pairs.start(b);
            for (int i = 0; i < pairs.queries().length(b); i++, at += keys) {
                int queryRow = query.offset() + (pairs.queries().start(b) + i) * query.stride(0);
                for (int j = 0; j < keys; j++) {
                    int keyRow = key.offset() + (pairs.keys().start(b) + j) * key.stride(0);
                    weights.values()[at + j] = loops.additiveScore(
                            width, query.values(), queryRow, key.values(), keyRow, score.values(), score.offset());
                }
                kernels.softmax(weights.values(), at, keys);
            }
        });
        compute.record(() -> new Op.AdditiveWeights(query, key, score, pairs, weights));
        return weights;
    }

    Tensor sums(Tensor weights, Tensor value, Pairs pairs) {
        if (value.size(0) != pairs.keys().rows() || weights.size(0) != pairs.count()) {
            throw new IllegalArgumentException("weights have shape " + weights.shape() + " and values " + value.shape()
                    + ", expected " + pairs.count() + " and " + pairs.keys().rows() + " rows");
        }
        int width = value.size(1);
        Tensor sums = compute.take(pairs.queries().tokens(), width);
        Arrays.fill(sums.values(), 0, sums.shape().elements(), 0);
        compute.parallel(pairs.queries().count(), b -> {
            int at = weights.offset() + pairs.start(b);
            for (int i = pairs.queries().start(b); i < pairs.queries().end(b); i++) {
                for (int j = pairs.keys().start(b); j < pairs.keys().end(b); j++) {
                    kernels.addScaled(
                            weights.values()[at++],
                            value.values(),
                            value.offset() + j * value.stride(0),
                            sums.values(),
                            i * width,
                            width);
                }
            }
        });
        compute.record(() -> new Op.WeightedSums(weights, value, pairs, sums));
        return sums;
    }
}
