package heed.family;

import heed.attention.Past;
import heed.attention.ScoreBias;
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
/// @param unasked what the decoder reads where no target is given
public record EncoderDecoderNetwork(
        ModelConfig config,
        TextEmbedding source,
        Encoder encoder,
        ScoringRule rule,
        TextEmbedding target,
        Decoder decoder,
        Head head,
        int startId,
        Unasked unasked)
        implements Seq2SeqNetwork {
    /// What the decoder reads where no target is given.
    public enum Unasked {
        /// The token that every target begins with, alone.
        START,
        /// The source moved by one position behind that token, as BART was trained to write it again (Lewis et
        /// al. 2020).
        SOURCE,
        /// The source moved by one position behind its own last token, which is its language (Liu et al. 2020,
        /// mBART).
        SOURCE_FROM_ITS_LAST
    }

    @Override
    public Site.Stack reader() {
        return Site.Stack.ENCODER;
    }

    @Override
    public EncoderDecoderNetwork withoutPositions() {
        return new EncoderDecoderNetwork(
                config,
                source.withoutPositions(),
                encoder,
                rule.biased(ScoreBias.none()),
                target.withoutPositions(),
                decoder.withoutPositions(),
                head,
                startId,
                unasked);
    }

    @Override
    public Tensor encode(TokenBatch batch, Pass pass) {
        Tensor embedded = source.apply(batch, batch.sequences(), pass); // [Ns, D]
        return encoder.apply(embedded, rule.over(batch.sequences(), batch.sequences()), pass);
    }

    @Override
    public ReadSources read(TokenBatch sources, Pass pass) {
        return new Sources(this, new Memory(encode(sources, pass), sources.sequences()));
    }

    private record Sources(EncoderDecoderNetwork network, Memory memory) implements ReadSources {
        @Override
        public Sequences sequences() {
            return memory.sequences();
        }

        @Override
        public Tensor write(TokenBatch targets, Pass pass) {
            return network.decode(targets, memory, Past.none(), pass);
        }

        @Override
        public ReadSources copy() {
            return new Sources(network, new Memory(memory.states().copy(), memory.sequences()));
        }

        @Override
        public Draft draft(int positions) {
            return new CachedDraft(
                    network.decoder.cache(sequences().count(), positions),
                    (more, past, pass) -> network.decode(more, memory, past, pass));
        }
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
        return unasked == Unasked.START ? TokenBatch.of(startId) : moved(source);
    }

    /// Every sequence with [#startId] or its own last token in front and without its last token.
    private TokenBatch moved(TokenBatch batch) {
        int[] ids = new int[batch.ids().length];
        for (int b = 0; b < batch.sequences().count(); b++) {
            int start = batch.sequences().start(b);
            ids[start] = unasked == Unasked.SOURCE_FROM_ITS_LAST
                    ? batch.ids()[batch.sequences().end(b) - 1]
                    : startId;
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
