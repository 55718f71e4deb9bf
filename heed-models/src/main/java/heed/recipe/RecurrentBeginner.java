package heed.recipe;

import heed.autograd.Parameter;
import heed.checkpoint.DurableFiles;
import heed.checkpoint.SafetensorsWriter;
import heed.family.ClassifierConfig;
import heed.family.Network;
import heed.family.ParameterSource;
import heed.family.RecurrentConfig;
import heed.recurrent.RecurrentClassifier;
import heed.text.Tokenizer;
import heed.text.Tokenizers;
import heed.training.ParameterTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A recurrent classifier that begins with nothing.
final class RecurrentBeginner implements ClassifierModel {
    private final Path out;
    private final String config;
    private final ParameterSource.Learned parameters;
    private final Network network;

    /// @param out has the tokenizer
    RecurrentBeginner(ClassifierStart.Recurrent start, List<String> labels, ClassifierRecipe recipe, Path out) {
        this.out = out;
        int vocabulary;
        try (Tokenizer tokenizer = Tokenizers.open(out)) {
            vocabulary = tokenizer.vocabularySize();
        }
        Map<String, Object> values = RecurrentFiles.config(
                RecurrentConfig.Kind.CLASSIFIER,
                start.cell(),
                vocabulary,
                start.width(),
                start.layers(),
                recipe.training().dropout());
        values.put("bidirectional", start.bothWays());
        values.put("pooling", RecurrentConfig.spelling(start.pooling()));
        values.putAll(ClassifierConfig.labels(labels, recipe.several()));
        this.config = RecurrentFiles.json(values);
        this.parameters = RecurrentFiles.fresh(RecurrentFiles.asIn(RecurrentClassifier.fresh(
                start.cell(),
                start.bothWays(),
                start.pooling(),
                new RecurrentClassifier.Sizes(vocabulary, labels.size(), start.layers(), start.width()),
                recipe.training().seed())));
        this.network = RecurrentFiles.begin(config, parameters);
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public Path tokenizerFolder() {
        return out;
    }

    @Override
    public List<Parameter> learned() {
        return ParameterTree.of((Record) network);
    }

    @Override
    public void write(Path folder) throws IOException {
        DurableFiles.write(folder.resolve("config.json"), config);
        SafetensorsWriter.write(folder.resolve("model.safetensors"), parameters.tensors());
    }
}
