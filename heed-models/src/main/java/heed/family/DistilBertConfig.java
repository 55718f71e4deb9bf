package heed.family;

import heed.kernel.Activation;
import java.util.List;

/// The configuration of a DistilBERT checkpoint, in the words of its `config.json`. Sinusoidal positions
/// (`sinusoidal_pos_embds`) are stored in the checkpoint like learned ones.
///
/// @param architecture the class the weights were saved from, such as `DistilBertForMaskedLM`; decides the head
/// @param multiLabel whether a sequence may belong to several classes at once (`problem_type`)
/// @param labels the names of the classes, by index
public record DistilBertConfig(
        String architecture,
        int vocabSize,
        int dim,
        int nLayers,
        int nHeads,
        int hiddenDim,
        Activation activation,
        int maxPositionEmbeddings,
        boolean multiLabel,
        List<String> labels)
        implements ModelConfig {
    /// The code that trained the family has it as a constant.
    static final float LAYER_NORM_EPS = 1e-12f;

    private static final List<HeadKind> HEADS = List.of(
            HeadKind.NONE,
            HeadKind.MASKED_LM,
            HeadKind.SEQUENCE_CLASSIFICATION,
            HeadKind.TOKEN_CLASSIFICATION,
            HeadKind.QUESTION_ANSWERING);

    static DistilBertConfig of(ConfigFile file) {
        String architecture = HeadKind.architecture(file, "DistilBert", HEADS);
        file.requireEncoder();
        DistilBertConfig config = new DistilBertConfig(
                architecture,
                file.positive("vocab_size"),
                file.positive("dim"),
                file.layers("n_layers"),
                file.positive("n_heads"),
                file.positive("hidden_dim"),
                file.activation("activation", "gelu"),
                file.positive("max_position_embeddings"),
                file.multiLabel(),
                file.labels());
        file.requireHeads("dim", config.dim, "n_heads", config.nHeads);
        return config;
    }

    HeadKind head() {
        return HeadKind.of(architecture, "DistilBert");
    }

    @Override
    public String modelType() {
        return "distilbert";
    }

    @Override
    public int vocabularySize() {
        return vocabSize;
    }

    @Override
    public int layers() {
        return nLayers;
    }

    @Override
    public int heads() {
        return nHeads;
    }

    @Override
    public int dModel() {
        return dim;
    }

    @Override
    public int maxTokens() {
        return maxPositionEmbeddings;
    }
}
