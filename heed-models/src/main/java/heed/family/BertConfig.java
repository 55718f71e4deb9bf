package heed.family;

import heed.kernel.Activation;
import java.util.List;

/// The configuration of a BERT checkpoint, in the words of its `config.json`.
///
/// @param architecture the class the weights were saved from, such as `BertForMaskedLM`; decides the head
/// @param tieWordEmbeddings whether the masked-word decoder is the table of word embeddings itself
/// @param multiLabel whether a sequence may belong to several classes at once (`problem_type`)
/// @param labels the names of the classes, by index
public record BertConfig(
        String architecture,
        int vocabSize,
        int hiddenSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int intermediateSize,
        Activation hiddenAct,
        float layerNormEps,
        int maxPositionEmbeddings,
        int typeVocabSize,
        boolean tieWordEmbeddings,
        boolean multiLabel,
        List<String> labels)
        implements ModelConfig {
    private static final List<HeadKind> HEADS = List.of(
            HeadKind.NONE,
            HeadKind.PRE_TRAINING,
            HeadKind.MASKED_LM,
            HeadKind.NEXT_SENTENCE,
            HeadKind.SEQUENCE_CLASSIFICATION,
            HeadKind.TOKEN_CLASSIFICATION,
            HeadKind.QUESTION_ANSWERING);

    static BertConfig of(ConfigFile file) {
        String architecture = HeadKind.architecture(file, "Bert", HEADS);
        file.requireEncoder();
        BertConfig config = new BertConfig(
                architecture,
                file.positive("vocab_size"),
                file.positive("hidden_size"),
                file.layers("num_hidden_layers"),
                file.positive("num_attention_heads"),
                file.positive("intermediate_size"),
                file.activation("hidden_act", "gelu"),
                file.real("layer_norm_eps", 1e-12),
                file.positive("max_position_embeddings"),
                file.positive("type_vocab_size", 2),
                file.flag("tie_word_embeddings", true),
                file.multiLabel(),
                file.labels());
        file.requireHeads("hidden_size", config.hiddenSize, "num_attention_heads", config.numAttentionHeads);
        return config;
    }

    @Override
    public String modelType() {
        return "bert";
    }

    @Override
    public int vocabularySize() {
        return vocabSize;
    }

    @Override
    public int layers() {
        return numHiddenLayers;
    }

    @Override
    public int heads() {
        return numAttentionHeads;
    }

    @Override
    public int dModel() {
        return hiddenSize;
    }

    @Override
    public int maxTokens() {
        return maxPositionEmbeddings;
    }
}
