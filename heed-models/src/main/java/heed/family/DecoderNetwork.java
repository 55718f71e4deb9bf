package heed.family;

import heed.attention.Past;
import heed.pass.Pass;
import heed.pass.Site;
import heed.stack.Decoder;
import heed.tensor.Sequences;
import heed.tensor.Tensor;

/// A model that goes on writing: GPT-2, Llama and their kin.
public record DecoderNetwork(ModelConfig config, TextEmbedding embedding, Decoder decoder, Head head)
        implements CausalNetwork {
    @Override
    public Site.Stack reader() {
        return Site.Stack.DECODER;
    }

    @Override
    public DecoderNetwork withoutPositions() {
        return new DecoderNetwork(config, embedding.withoutPositions(), decoder.withoutPositions(), head);
    }

    @Override
    public Tensor encode(TokenBatch batch, Pass pass) {
        return decode(batch, Past.none(), pass);
    }

    @Override
    public Draft draft(int sequences, int positions) {
        return new CachedDraft(decoder.cache(sequences, positions), this::decode);
    }

    /// The last hidden states of new tokens, after the final norm where there is one: `[N, D]`.
    ///
    /// @param batch the tokens that `past` does not have yet; without a past, all
    public Tensor decode(TokenBatch batch, Past past, Pass pass) {
        Sequences whole = past.keys(batch.sequences());
        Tensor embedded = embedding.apply(batch, whole, pass); // [N, D]
        return decoder.apply(embedded, batch.sequences(), whole, null, past, pass);
    }
}
