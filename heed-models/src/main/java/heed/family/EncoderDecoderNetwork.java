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
/// @param echoes whether the decoder reads, where no target is given, the source moved by one position, as BART
/// was trained to write it again (Lewis et al. 2020)
public record EncoderDecoderNetwork(
        ModelConfig config,
        TextEmbedding source,
        Encoder encoder,
        ScoringRule rule,
        TextEmbedding target,
        Decoder decoder,
        Head head,
        int startId,
        boolean echoes)
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

    /// The decoder's last hidden states over the source itself, moved by one position: what a head that
    /// classifies the source stands on.
    @Override
    public Tensor represent(TokenBatch batch, Pass pass) {
        Memory memory = new Memory(encode(batch, pass), batch.sequences());
        return decode(moved(batch), memory, Past.none(), pass);
    }

    /// The target where none is given: the source moved by one position, or the token that every target begins
    /// with.
    public TokenBatch usualTarget(TokenBatch source) {
        return echoes ? moved(source) : TokenBatch.of(startId);
    }

    /// Every sequence with [#startId] in front and without its last token.
    private TokenBatch moved(TokenBatch batch) {
        int[] ids = new int[batch.ids().length];
        for (int b = 0; b < batch.sequences().count(); b++) {
            int start = batch.sequences().start(b);
            ids[start] = startId;
            System.arraycopy(
                    batch.ids(), start, ids, start + 1, batch.sequences().length(b) - 1);
        }
        return new TokenBatch(ids, new int[ids.length], batch.sequences());
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
