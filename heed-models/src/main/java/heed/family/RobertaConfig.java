package heed.family;

import heed.kernel.Activation;
import java.util.List;

/// The configuration of a RoBERTa or XLM-RoBERTa checkpoint, in the words of its `config.json`.
///
/// @param modelType `roberta` or `xlm-roberta`: the same network, trained on other texts
/// @param architecture the class the weights were saved from, such as `RobertaForMaskedLM`; decides the head
/// @param maxPositionEmbeddings the rows of the position table, of which the first `padTokenId + 1` stand for
/// no position
/// @param multiLabel whether a sequence may belong to several classes at once (`problem_type`)
/// @param labels the names of the classes, by index
public record RobertaConfig(
        String modelType,
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
        int padTokenId,
        boolean multiLabel,
        List<String> labels)
        implements ModelConfig {
    private static final List<HeadKind> HEADS = List.of(
            HeadKind.NONE,
            HeadKind.MASKED_LM,
            HeadKind.SEQUENCE_CLASSIFICATION,
            HeadKind.TOKEN_CLASSIFICATION,
            HeadKind.QUESTION_ANSWERING);

    static RobertaConfig of(ConfigFile file) {
        String type = file.text("model_type");
        String architecture = HeadKind.architecture(file, prefix(type), HEADS);
        file.requireEncoder();
        int pad = file.whole("pad_token_id", 1);
        RobertaConfig config = new RobertaConfig(
                type,
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
                pad,
                file.multiLabel(),
                file.labels());
        file.requireHeads("hidden_size", config.hiddenSize, "num_attention_heads", config.numAttentionHeads);
        if (pad < 0 || config.maxTokens() < 1) {
            throw file.refuse("max_position_embeddings " + config.maxPositionEmbeddings
                    + " leaves no position behind pad_token_id " + pad);
        }
        return config;
    }

    private static String prefix(String modelType) {
        return modelType.equals("roberta") ? "Roberta" : "XLMRoberta";
    }

    HeadKind head() {
        return HeadKind.of(architecture, prefix(modelType));
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

    /// The position table less the rows that stand for no position: 512 of 514 in most checkpoints.
    @Override
    public int maxTokens() {
        return maxPositionEmbeddings - padTokenId - 1;
    }
}
