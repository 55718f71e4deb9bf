package heed.family;

import heed.attention.ScoreBias;
import heed.attention.ScoringRule;
import heed.kernel.Activation;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.pass.Site;
import heed.stack.Encoder;
import heed.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A model that reads: BERT and its kin.
///
/// @param rule how its layers score
/// @param pooler applied with tanh to the first position of each sequence; null when the checkpoint has none
/// @param nextSentence scores whether the second segment follows the first, `[2, D]`; null when the checkpoint
/// has none
public record EncoderNetwork(
        ModelConfig config,
        TextEmbedding embedding,
        Encoder encoder,
        ScoringRule rule,
        @Nullable Linear pooler,
        Head head,
        @Nullable Linear nextSentence)
        implements Network {
    @Override
    public Site.Stack reader() {
        return Site.Stack.ENCODER;
    }

    @Override
    public EncoderNetwork withoutPositions() {
        return new EncoderNetwork(
                config,
                embedding.withoutPositions(),
                encoder,
                rule.biased(ScoreBias.none()),
                pooler,
                head,
                nextSentence);
    }

    @Override
    public Tensor encode(TokenBatch batch, Pass pass) {
        Tensor embedded = embedding.apply(batch, batch.sequences(), pass); // [N, D]
        return encoder.apply(embedded, rule.over(batch.sequences(), batch.sequences()), pass);
    }

    /// The pooled first position of every sequence: `[N, D] → [B, D]`.
    ///
    /// @throws IllegalStateException when the checkpoint has no pooler
    public Tensor pool(Tensor hidden, TokenBatch batch, Pass pass) {
        if (pooler == null) {
            throw new IllegalStateException("this checkpoint has no pooler");
        }
        int[] first = IntStream.range(0, batch.sequences().count())
                .map(batch.sequences()::start)
                .toArray();
        return pooler.apply(pass.compute().gather(hidden, first), Activation.TANH, pass);
    }
}
