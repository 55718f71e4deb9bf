package heed.family;

import heed.pass.Pass;
import heed.pass.Site;
import heed.tensor.Tensor;

/// A model's parameters, put together from shared blocks. A family assembles one of a few kinds, of attention
/// or recurrent; nothing that runs a model knows families. What reads alone is an [EncoderNetwork], what goes
/// on with a text is a [CausalNetwork], what writes about another a [Seq2SeqNetwork].
public sealed interface Network permits EncoderNetwork, CausalNetwork, Seq2SeqNetwork, RecurrentNetwork {
    /// Makes the network that `config` describes.
    ///
    /// @throws heed.checkpoint.CheckpointException when checkpoint and configuration do not match, with all
    /// misfits
    static Network load(ModelConfig config, ParameterSource source) {
        return switch (config) {
            case BartConfig bart -> Bart.load(bart, source);
            case BertConfig bert -> Bert.load(bert, source);
            case DistilBertConfig distilBert -> DistilBert.load(distilBert, source);
            case ElectraConfig electra -> Electra.load(electra, source);
            case RobertaConfig roberta -> Roberta.load(roberta, source);
            case T5Config t5 -> T5.load(t5, source);
            case Gpt2Config gpt2 -> Gpt2.load(gpt2, source);
            case GptNeoXConfig neoX -> GptNeoX.load(neoX, source);
            case LlamaConfig llama -> Llama.load(llama, source);
            case RecurrentConfig recurrent -> Recurrent.load(recurrent, source);
        };
    }

    ModelConfig config();

    /// What stands on top.
    Head head();

    /// The stack that reads a text: the encoder, or the decoder where there is nothing else.
    Site.Stack reader();

    /// The same parameters with nothing that tells where a token stands, for whoever wants to see what
    /// positions are for. A causal mask stays, and still tells a token how many there are before it.
    Network withoutPositions();

    /// The last hidden states of texts that are read, after the final norm where there is one: `[N, D]`.
    Tensor encode(TokenBatch batch, Pass pass);

    /// The hidden states of texts, one for each token, that the head stands on: `[N, D]`.
    default Tensor represent(TokenBatch batch, Pass pass) {
        return encode(batch, pass);
    }
}
