package heed.family;

import heed.attention.Past;
import heed.attention.ScoringRule;
import heed.pass.Pass;
import heed.pass.Site;
import heed.stack.Decoder;
import heed.stack.Encoder;
import heed.stack.Memory;
import heed.tensor.Sequences;
import heed.tensor.Tensor;

/// A model that reads one text and writes another: T5, BART, Marian.
///
/// @param source the embedding of what is read
/// @param rule how the encoder's layers score
/// @param target the embedding of what is written
/// @param startId the token that every target begins with
public record EncoderDecoderNetwork(
        ModelConfig config,
        TextEmbedding source,
        Encoder encoder,
        ScoringRule rule,
        TextEmbedding target,
        Decoder decoder,
        Head head,
        int startId)
        implements Network {
    @Override
    public Site.Stack reader() {
        return Site.Stack.ENCODER;
    }

    @Override
    public Tensor encode(TokenBatch batch, Pass pass) {
        Tensor embedded = source.apply(batch, batch.sequences(), pass); // [Ns, D]
        return encoder.apply(embedded, rule.over(batch.sequences(), batch.sequences()), pass);
    }

    /// The decoder's last hidden states of new tokens, after the final norm where there is one: `[N, D]`.
    ///
    /// @param batch the target tokens that `past` does not have yet; without a past, all
    /// @param memory what [#encode] made of the sources
    public Tensor decode(TokenBatch batch, Memory memory, Past past, Pass pass) {
        Sequences whole = past.keys(batch.sequences());
        Tensor embedded = target.apply(batch, whole, pass); // [N, D]
        return decoder.apply(embedded, batch.sequences(), whole, memory, past, pass);
    }
}
