package heed.stack;

import heed.attention.MultiHeadAttention;
import heed.attention.Scoring;
import heed.layer.FeedForward;
import heed.layer.Norm;
import heed.pass.Pass;
import heed.tensor.Tensor;

/// One block of an encoder: self-attention, then a feed-forward network, each with a residual connection and a
/// layer norm (Vaswani et al. 2017, §3.1 and figure 1, left).
public record EncoderLayer(
        MultiHeadAttention attention,
        Norm attentionNorm,
        FeedForward feedForward,
        Norm feedForwardNorm,
        NormPlacement norms) {
    /// `[N, D] → [N, D]`
    public Tensor apply(Tensor x, Scoring scoring, Pass pass) {
        return pass.compute().keepOnly(() -> switch (norms) {
            case AFTER -> normAfter(x, scoring, pass);
            case BEFORE -> normBefore(x, scoring, pass);
            case PARALLEL -> parallel(x, scoring, pass);
        });
    }

    private Tensor normAfter(Tensor x, Scoring scoring, Pass pass) {
        Tensor heard = drop(attention.apply(x, x, scoring, pass), pass);
        Tensor attended = attentionNorm.applyToSum(heard, x, pass);
        return feedForwardNorm.applyToSum(drop(feedForward.apply(attended, pass), pass), attended, pass);
    }

    private Tensor normBefore(Tensor x, Scoring scoring, Pass pass) {
        Tensor normed = attentionNorm.apply(x, pass);
        Tensor attended = pass.compute().sum(x, drop(attention.apply(normed, normed, scoring, pass), pass));
        Tensor fed = feedForward.apply(feedForwardNorm.apply(attended, pass), pass);
        return pass.compute().sum(attended, drop(fed, pass));
    }

    private Tensor parallel(Tensor x, Scoring scoring, Pass pass) {
        Tensor normed = attentionNorm.apply(x, pass);
        Tensor attended = pass.compute().sum(x, drop(attention.apply(normed, normed, scoring, pass), pass));
        Tensor fed = feedForward.apply(feedForwardNorm.apply(x, pass), pass);
        return pass.compute().sum(attended, drop(fed, pass));
    }

    private static Tensor drop(Tensor x, Pass pass) {
        return pass.noise().dropResidual(x, pass.compute());
    }
}
