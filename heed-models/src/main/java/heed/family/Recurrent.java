package heed.family;

import heed.kernel.RecurrentCell;
import heed.layer.Embedding;
import heed.layer.Linear;
import heed.recurrent.RecurrentClassifier;
import heed.recurrent.RecurrentDecoder;
import heed.recurrent.RecurrentLanguageModel;
import heed.recurrent.RecurrentLayer;
import heed.recurrent.RecurrentStack;
import heed.recurrent.RecurrentTranslator;
import heed.recurrent.RecurrentTranslator.Looking;
import heed.tensor.Recurrence;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Recurrent networks, under the names that PyTorch's `nn.LSTM`, `nn.GRU` and `nn.RNN` give their parameters.
/// The paths of a table are those of the network's records, so that a network that knows nothing yet gives a
/// new model its first values.
public final class Recurrent {
    private static final Naming NAMES = Naming.plain();

    private Recurrent() {}

    /// Reads the model that `config` describes from a checkpoint.
    ///
    /// @throws heed.checkpoint.CheckpointException when the two do not match, with all misfits
    public static RecurrentNetwork load(RecurrentConfig config, ParameterSource source) {
        return switch (config.kind()) {
            case LANGUAGE_MODEL -> writer(config, source);
            case CLASSIFIER -> reader(config, source);
            case TRANSLATOR -> translator(config, source);
        };
    }

    private static RecurrentNetwork writer(RecurrentConfig config, ParameterSource source) {
        WeightTable table = words("words", "embedding", config);
        stack(table, "stack", "rnn", config, config.embeddingSize(), config.hiddenSize(), false);
        table.linear("head", "head", config.vocabSize(), config.hiddenSize());
        Parameters parameters = table.bind(source, NAMES);
        return new RecurrentNetwork.Writer(
                config,
                new RecurrentLanguageModel(
                        new Embedding("token id", parameters.tensor("words.table")),
                        stack("stack", config, false, parameters),
                        parameters.linear("head")));
    }

    private static RecurrentNetwork reader(RecurrentConfig config, ParameterSource source) {
        WeightTable table = words("words", "embedding", config);
        stack(table, "stack", "rnn", config, config.embeddingSize(), config.hiddenSize(), config.bidirectional());
        table.linear("head", "head", config.labels().size(), config.dModel());
        Parameters parameters = table.bind(source, NAMES);
        return new RecurrentNetwork.Reader(
                config,
                new RecurrentClassifier(
                        new Embedding("token id", parameters.tensor("words.table")),
                        stack("stack", config, config.bidirectional(), parameters),
                        config.pooling(),
                        parameters.linear("head")));
    }

    private static RecurrentNetwork translator(RecurrentConfig config, ParameterSource source) {
        int v = config.vocabSize();
        int e = config.embeddingSize();
        int h = config.hiddenSize();
        WeightTable table = new WeightTable()
                .tied("sourceWords.table", tied("source_embedding.weight", config), v, e)
                .tied("targetWords.table", tied("target_embedding.weight", config), v, e)
                .tied("head.weight", tied("head.weight", config), v, h)
                .row("head.bias", "head.bias", v);
        stack(table, "encoder", "encoder", config, e, h / 2, true);
        boolean before = config.attention() == Looking.BAHDANAU;
        stack(table, "decoder.stack", "decoder", config, before ? e + h : e, h, false);
        switch (config.attention()) {
            case NONE -> {}
            case LUONG_DOT -> table.row("decoder.combine.weight", "combine.weight", h, 2 * h);
            case LUONG_GENERAL ->
                table.row("decoder.general.weight", "attention.general.weight", h, h)
                        .row("decoder.combine.weight", "combine.weight", h, 2 * h);
            case BAHDANAU ->
                table.row("decoder.query.weight", "attention.query.weight", h, h)
                        .linear("decoder.key", "attention.key", h, h)
                        .row("decoder.score", "attention.score", h)
                        .linear("decoder.combine", "combine", h, 2 * h);
        }
        Parameters parameters = table.bind(source, NAMES);
        Tensor words = parameters.tensor("sourceWords.table");
        Tensor targetWords = parameters.tied("targetWords.table", words);
        Linear head = new Linear(
                parameters.weight(parameters.tied("head.weight", targetWords)), parameters.tensor("head.bias"));
        return new RecurrentNetwork.Translator(
                config,
                new RecurrentTranslator(
                        new Embedding("source token id", words),
                        stack("encoder", config, true, parameters),
                        new Embedding("target token id", targetWords),
                        decoder(config, parameters),
                        head));
    }

    /// The names that a table of words may have: its own, or that of the one that all share.
    private static List<String> tied(String own, RecurrentConfig config) {
        return config.tied() ? List.of(own, "embedding.weight") : List.of(own);
    }

    private static RecurrentDecoder decoder(RecurrentConfig config, Parameters parameters) {
        RecurrentStack stack = stack("decoder.stack", config, false, parameters);
        return switch (config.attention()) {
            case NONE -> new RecurrentDecoder.Plain(stack);
            case LUONG_DOT -> new RecurrentDecoder.Luong(stack, null, parameters.linear("decoder.combine"));
            case LUONG_GENERAL ->
                new RecurrentDecoder.Luong(
                        stack, parameters.linear("decoder.general"), parameters.linear("decoder.combine"));
            case BAHDANAU ->
                new RecurrentDecoder.Bahdanau(
                        stack,
                        parameters.linear("decoder.query"),
                        parameters.linear("decoder.key"),
                        parameters.tensor("decoder.score"),
                        parameters.linear("decoder.combine"));
        };
    }

    private static WeightTable words(String path, String name, RecurrentConfig config) {
        return new WeightTable().row(path + ".table", name + ".weight", config.vocabSize(), config.embeddingSize());
    }

    private static void stack(
            WeightTable table, String path, String name, RecurrentConfig config, int in, int width, boolean bothWays) {
        for (int i = 0; i < config.numLayers(); i++) {
            int inputs = i == 0 ? in : bothWays ? 2 * width : width;
            String layer = path + ".layers." + i;
            recurrence(table, layer + ".forward", name, "_l" + i, config.cell(), inputs, width);
            if (bothWays) {
                recurrence(table, layer + ".backward", name, "_l" + i + "_reverse", config.cell(), inputs, width);
            }
        }
    }

    private static void recurrence(
            WeightTable table, String path, String name, String suffix, RecurrentCell cell, int in, int width) {
        int sums = cell.gates() * width;
        table.row(path + ".input", name + ".weight_ih" + suffix, sums, in)
                .row(path + ".hidden", name + ".weight_hh" + suffix, sums, width)
                .row(path + ".inputBias", name + ".bias_ih" + suffix, sums)
                .row(path + ".hiddenBias", name + ".bias_hh" + suffix, sums);
    }

    private static RecurrentStack stack(String path, RecurrentConfig config, boolean bothWays, Parameters parameters) {
        List<RecurrentLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.numLayers(); i++) {
            String layer = path + ".layers." + i;
            layers.add(new RecurrentLayer(
                    recurrence(layer + ".forward", config.cell(), parameters),
                    bothWays ? recurrence(layer + ".backward", config.cell(), parameters) : null));
        }
        return new RecurrentStack(layers);
    }

    private static Recurrence recurrence(String path, RecurrentCell cell, Parameters parameters) {
        return new Recurrence(
                cell,
                parameters.weight(path + ".input"),
                parameters.weight(path + ".hidden"),
                parameters.tensor(path + ".inputBias"),
                parameters.tensor(path + ".hiddenBias"));
    }
}
