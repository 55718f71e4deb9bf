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
    /// The architectures that have a head in [Head].
    static final List<String> ARCHITECTURES = List.of(
            "BertModel",
            "BertForPreTraining",
            "BertForMaskedLM",
            "BertForSequenceClassification",
            "BertForTokenClassification",
            "BertForQuestionAnswering");

    static BertConfig of(ConfigFile file) {
        List<String> architectures = file.texts("architectures");
        String architecture = architectures.isEmpty() ? "BertModel" : architectures.getFirst();
        if (!ARCHITECTURES.contains(architecture)) {
            throw file.refuse("architecture " + architecture + " is not supported; supported: "
                    + String.join(", ", ARCHITECTURES));
        }
        String positions = file.text("position_embedding_type", "absolute");
        if (!positions.equals("absolute")) {
            throw file.refuse("position_embedding_type '" + positions + "' is not supported; supported: absolute");
        }
        for (String key : List.of("is_decoder", "add_cross_attention")) {
            if (file.flag(key, false)) {
                throw file.refuse(key + " is true, and BERT as a decoder is not supported");
            }
        }
        BertConfig config = new BertConfig(
                architecture,
                file.positive("vocab_size"),
                file.positive("hidden_size"),
                file.positive("num_hidden_layers"),
                file.positive("num_attention_heads"),
                file.positive("intermediate_size"),
                activation(file, file.text("hidden_act", "gelu")),
                file.real("layer_norm_eps", 1e-12),
                file.positive("max_position_embeddings"),
                file.has("type_vocab_size") ? file.positive("type_vocab_size") : 2,
                file.flag("tie_word_embeddings", true),
                file.text("problem_type", "").equals("multi_label_classification"),
                file.labels());
        if (config.hiddenSize % config.numAttentionHeads != 0) {
            throw file.refuse("hidden_size " + config.hiddenSize + " does not divide into num_attention_heads "
                    + config.numAttentionHeads);
        }
        return config;
    }

    private static Activation activation(ConfigFile file, String name) {
        return switch (name) {
            case "gelu" -> Activation.GELU;
            case "gelu_new", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
            case "relu" -> Activation.RELU;
            case "silu", "swish" -> Activation.SILU;
            case "tanh" -> Activation.TANH;
            default ->
                throw file.refuse("hidden_act '" + name
                        + "' is not supported; supported: gelu, gelu_new, gelu_pytorch_tanh, relu, silu, tanh");
        };
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
