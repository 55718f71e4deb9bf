package heed.recipe;

import heed.checkpoint.NamedTensor;
import heed.layer.Linear;
import heed.recurrent.RecurrentLanguageModel;
import heed.recurrent.RecurrentLayer;
import heed.recurrent.RecurrentStack;
import heed.tensor.Recurrence;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/// Recurrent models as files: tensors under the names that PyTorch's `nn.LSTM`, `nn.GRU` and `nn.RNN` give
/// them, and a configuration of the type `heed-recurrent`, which Hugging Face has no counterpart of.
final class RecurrentFiles {
    static final String MODEL_TYPE = "heed-recurrent";

    private RecurrentFiles() {}

    static String configJson(RecurrentLanguageModel model, double dropout) {
        Recurrence first = model.stack().layers().getFirst().forward();
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", MODEL_TYPE);
        config.put("architectures", List.of("RecurrentLanguageModel"));
        config.put("cell", first.cell().name().toLowerCase(Locale.ROOT));
        config.put("vocab_size", model.words().table().size(0));
        config.put("embedding_size", model.words().table().size(1));
        config.put("hidden_size", first.width());
        config.put("num_layers", model.stack().layers().size());
        config.put("dropout", dropout);
        config.put("dtype", "float32");
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config);
    }

    static List<NamedTensor> tensors(RecurrentLanguageModel model) {
        List<NamedTensor> tensors = new ArrayList<>();
        tensors.add(named("embedding.weight", model.words().table()));
        stack("rnn", model.stack(), tensors);
        linear("head", model.head(), tensors);
        return tensors;
    }

    private static void stack(String name, RecurrentStack stack, List<NamedTensor> tensors) {
        for (int i = 0; i < stack.layers().size(); i++) {
            RecurrentLayer layer = stack.layers().get(i);
            recurrence(name, "_l" + i, layer.forward(), tensors);
            if (layer.backward() != null) {
                recurrence(name, "_l" + i + "_reverse", layer.backward(), tensors);
            }
        }
    }

    private static void recurrence(String name, String suffix, Recurrence learned, List<NamedTensor> tensors) {
        tensors.add(named(
                name + ".weight_ih" + suffix,
                Objects.requireNonNull(learned.input().matrix())));
        tensors.add(named(
                name + ".weight_hh" + suffix,
                Objects.requireNonNull(learned.hidden().matrix())));
        tensors.add(named(name + ".bias_ih" + suffix, learned.inputBias()));
        tensors.add(named(name + ".bias_hh" + suffix, learned.hiddenBias()));
    }

    private static void linear(String name, Linear linear, List<NamedTensor> tensors) {
        tensors.add(
                named(name + ".weight", Objects.requireNonNull(linear.weight().matrix())));
        if (linear.bias() != null) {
            tensors.add(named(name + ".bias", linear.bias()));
        }
    }

    private static NamedTensor named(String name, Tensor tensor) {
        List<Integer> shape = Arrays.stream(tensor.shape().toArray()).boxed().toList();
        return NamedTensor.of(name, shape, tensor.toArray());
    }
}
