package heed.recipe;

import heed.autograd.Parameter;
import heed.checkpoint.Checkpoint;
import heed.family.ModelConfig;
import heed.family.Network;
import heed.family.ParameterSource;
import heed.family.RecurrentConfig;
import heed.kernel.RecurrentCell;
import heed.tensor.Tensor;
import heed.training.ParameterTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Recurrent networks that begin with nothing: which ones a recipe names, their configuration, and their first
/// values.
final class RecurrentFiles {
    private RecurrentFiles() {}

    /// The cell that `kind` names; null for a Transformer.
    static @Nullable RecurrentCell cell(Section model) {
        return switch (model.choice("kind", "transformer", "transformer", "lstm", "gru", "rnn", "rnn-relu")) {
            case "lstm" -> RecurrentCell.LSTM;
            case "gru" -> RecurrentCell.GRU;
            case "rnn" -> RecurrentCell.TANH;
            case "rnn-relu" -> RecurrentCell.RELU;
            default -> null;
        };
    }

    /// The keys of a `config.json` that all kinds have.
    static Map<String, Object> config(
            RecurrentConfig.Kind kind, RecurrentCell cell, int vocabulary, int width, int layers, double dropout) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", RecurrentConfig.MODEL_TYPE);
        config.put("architectures", List.of(kind.spelling()));
        config.put("cell", RecurrentConfig.spelling(cell));
        config.put("vocab_size", vocabulary);
        config.put("embedding_size", width);
        config.put("hidden_size", width);
        config.put("num_layers", layers);
        config.put("dropout", dropout);
        config.put("dtype", "float32");
        return config;
    }

    static String json(Map<String, Object> config) {
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config);
    }

    /// A parameter's first values are those that it has in a network that knows nothing.
    static ParameterSource.Beginning asIn(Record fresh) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (Parameter parameter : ParameterTree.of(fresh)) {
            values.put(parameter.path(), parameter.value());
        }
        return (path, _) -> Optional.ofNullable(values.get(path));
    }

    /// The network that a `config.json` describes, begun with nothing.
    static Network begin(String config, ParameterSource.Learned parameters) {
        return Network.load(ModelConfig.parse(config, "the configuration of the recipe"), parameters);
    }

    /// Parameters that no checkpoint has yet.
    static ParameterSource.Learned fresh(ParameterSource.Beginning beginning) {
        return new ParameterSource.Learned(Checkpoint.empty(), beginning);
    }
}
