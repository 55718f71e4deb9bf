package heed.stack;

import heed.attention.KeysAndValues;
import heed.attention.MultiHeadAttention;
import heed.attention.Past;
import heed.attention.Scoring;
import heed.attention.ScoringRule;
import heed.layer.FeedForward;
import heed.layer.Norm;
import heed.pass.Pass;
import heed.pass.Site;
import heed.position.Rotation;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// One block of a decoder: self-attention that sees no later position, attention to the encoder's output where
/// there is an encoder, then a feed-forward network, each with a residual connection and a norm (Vaswani et al.
/// 2017, §3.1 and figure 1, right).
///
/// @param rule how self-attention scores: its mask is causal
/// @param cross attention to the encoder's output; null in a model that is only a decoder
public record DecoderLayer(
        MultiHeadAttention attention,
        ScoringRule rule,
        Norm attentionNorm,
        @Nullable CrossAttention cross,
        FeedForward feedForward,
        Norm feedForwardNorm,
        NormPlacement norms) {
    public DecoderLayer {
        if (cross != null && norms == NormPlacement.PARALLEL) {
            throw new IllegalArgumentException("no model attends to an encoder beside its feed-forward network");
        }
    }

    /// The same layer scoring in another way.
    public DecoderLayer withRule(ScoringRule other) {
        return new DecoderLayer(attention, other, attentionNorm, cross, feedForward, feedForwardNorm, norms);
    }

    /// `[N, D] → [N, D]` for the new tokens of every sequence.
    ///
    /// @param rows the sequences of `x`
    /// @param keys the same with the positions before, as `past` has them
    /// @param memory null without an encoder
    public Tensor apply(
            Tensor x,
            Sequences rows,
            Sequences keys,
            Rotation rotation,
            @Nullable Memory memory,
            Past past,
            Pass pass) {
        Scoring scoring = rule.over(rows, keys).rotated(rotation);
        Compute compute = pass.compute();
        return compute.keepOnly(() -> switch (norms) {
            case AFTER -> {
                Tensor attended = attentionNorm.applyToSum(attend(x, scoring, past, pass), x, pass);
                Tensor heard = cross == null
                        ? attended
                        : cross.norm().applyToSum(listen(cross, attended, rows, memory, past, pass), attended, pass);
                yield feedForwardNorm.applyToSum(feed(heard, pass), heard, pass);
            }
            case BEFORE -> {
                Tensor attended = compute.sum(x, attend(attentionNorm.apply(x, pass), scoring, past, pass));
                Tensor heard = cross == null
                        ? attended
                        : compute.sum(
                                attended, listen(cross, cross.norm().apply(attended, pass), rows, memory, past, pass));
                yield compute.sum(heard, feed(feedForwardNorm.apply(heard, pass), pass));
            }
            case PARALLEL -> {
                Tensor attended = compute.sum(x, attend(attentionNorm.apply(x, pass), scoring, past, pass));
                yield compute.sum(attended, feed(feedForwardNorm.apply(x, pass), pass));
            }
        });
    }

    /// Self-attention to this pass's tokens and those before.
    private Tensor attend(Tensor x, Scoring scoring, Past past, Pass pass) {
        KeysAndValues added = attention.project(x, scoring, pass);
        KeysAndValues all = past.extend(pass.site().layer(), added, scoring.queries());
        return drop(attention.apply(x, all, scoring, pass), pass);
    }

    /// Attention to the encoder's output.
    private static Tensor listen(
            CrossAttention cross, Tensor x, Sequences rows, @Nullable Memory memory, Past past, Pass pass) {
        if (memory == null) {
            throw new IllegalArgumentException("this decoder looks at an encoder's output and was given none");
        }
        Pass there = pass.at(Site.cross(pass.site().layer()));
        Scoring scoring = cross.rule().over(rows, past.memoryKeys(memory.sequences()));
        KeysAndValues encoded =
                past.memory(pass.site().layer(), () -> cross.attention().project(memory.states(), scoring, there));
        return drop(cross.attention().apply(x, encoded, scoring, there), pass);
    }

    private Tensor feed(Tensor x, Pass pass) {
        return drop(feedForward.apply(x, pass), pass);
    }

    private static Tensor drop(Tensor x, Pass pass) {
        return pass.noise().dropResidual(x, pass.compute());
    }
}
