package heed.lens.capture;

import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.pass.Site;
import heed.tensor.Tensor;

/// How much of each token's last hidden state comes from each token of the text, if every layer mixes as its
/// heads look on average and the residual connection keeps a half: `Ã = (mean of heads + I) / 2`, multiplied
/// over the layers (Abnar and Zuidema 2020, §3). An estimate: it knows nothing of values and feed-forward
/// networks.
public final class Rollout {
    /// Tokens up to which it is computed: the product of matrices grows with their cube.
    public static final int MOST_TOKENS = 1024;

    private Rollout() {}

    /// Up to and including a layer: `[T, T]`, whose rows sum to 1.
    ///
    /// @throws IllegalArgumentException when queries and keys are not the same tokens, or there are too many
    public static Tensor of(AttentionStream stream, int lastLayer, Model model) {
        int n = stream.queries();
        if (stream.stack() == Site.Stack.CROSS) {
            throw new IllegalArgumentException(
                    "rollout follows a text through its own layers; cross-attention has two");
        }
        if (n > MOST_TOKENS) {
            throw new IllegalArgumentException(
                    "rollout is computed for at most " + MOST_TOKENS + " tokens, the text has " + n);
        }
        stream.requireHead(lastLayer, 0);
        return model.run(pass -> {
            Tensor reached = mixing(stream, 0, model.workers());
            for (int layer = 1; layer <= lastLayer; layer++) {
                reached = pass.compute().product(mixing(stream, layer, model.workers()), reached);
            }
            return reached.copy();
        });
    }

    /// `(mean of heads + I) / 2`
    private static Tensor mixing(AttentionStream stream, int layer, WorkerPool workers) {
        int n = stream.queries();
        Tensor mixing = Tensor.zeros(n, n);
        float share = 0.5f / stream.heads();
        workers.run(n, i -> {
            mixing.set(0.5f, i, i);
            for (int head = 0; head < stream.heads(); head++) {
                float[] row = stream.row(layer, head, i, Measure.WEIGHT);
                for (int j = 0; j < n; j++) {
                    mixing.values()[i * n + j] += share * row[j];
                }
            }
        });
        return mixing;
    }
}
