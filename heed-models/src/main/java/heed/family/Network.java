package heed.family;

import heed.pass.Pass;
import heed.pass.Site;
import heed.tensor.Tensor;

/// A model's parameters, put together from shared blocks: an encoder, a decoder, or both. A family assembles
/// one of the three; nothing that runs a model knows families.
public sealed interface Network permits EncoderNetwork, DecoderNetwork, EncoderDecoderNetwork {
    ModelConfig config();

    /// What stands on top.
    Head head();

    /// The stack that reads a text: the encoder, or the decoder where there is nothing else.
    Site.Stack reader();

    /// The last hidden states of texts that are read, after the final norm where there is one: `[N, D]`.
    Tensor encode(TokenBatch batch, Pass pass);

    /// The hidden states of texts, one for each token, that the head stands on: `[N, D]`.
    default Tensor represent(TokenBatch batch, Pass pass) {
        return encode(batch, pass);
    }
}
