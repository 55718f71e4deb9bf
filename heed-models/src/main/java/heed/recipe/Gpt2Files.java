package heed.recipe;

import heed.attention.MultiHeadAttention;
import heed.checkpoint.NamedTensor;
import heed.layer.LayerNorm;
import heed.layer.Linear;
import heed.stack.EncoderLayer;
import heed.tensor.Tensor;
import heed.training.CausalModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A [CausalModel] as Hugging Face's `GPT2LMHeadModel` saves it. Its linear maps hold their matrices as `[in,
/// out]`, query, key and value side by side in one.
final class Gpt2Files {
    private Gpt2Files() {}

    static String configJson(CausalModel model, double dropout) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", "gpt2");
        config.put("architectures", List.of("GPT2LMHeadModel"));
        config.put("vocab_size", model.words().table().size(0));
        config.put("n_positions", model.positions().limit());
        config.put("n_embd", model.words().table().size(1));
        config.put("n_layer", model.stack().layers().size());
        config.put("n_head", model.heads().count());
        config.put("n_inner", null);
        config.put("activation_function", "gelu_new");
        config.put("layer_norm_epsilon", 1e-5);
        config.put("embd_pdrop", dropout);
        config.put("attn_pdrop", dropout);
        config.put("resid_pdrop", dropout);
        config.put("tie_word_embeddings", true);
        config.put("bos_token_id", null);
        config.put("eos_token_id", null);
        config.put("dtype", "float32");
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config);
    }

    /// Characters are not split at spaces and nothing is added to them.
    static String tokenizerConfigJson(int context) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("model_max_length", context);
        config.put("clean_up_tokenization_spaces", false);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config);
    }

    static List<NamedTensor> tensors(CausalModel model) {
        List<NamedTensor> tensors = new ArrayList<>();
        tensors.add(named("transformer.wte.weight", model.words().table()));
        tensors.add(named("transformer.wpe.weight", model.positions().table()));
        for (int i = 0; i < model.stack().layers().size(); i++) {
            layer("transformer.h." + i, model.stack().layers().get(i), tensors);
        }
        norm("transformer.ln_f", model.stack().finalNorm(), tensors);
        return tensors;
    }

    private static void layer(String name, EncoderLayer layer, List<NamedTensor> tensors) {
        MultiHeadAttention attention = layer.attention();
        norm(name + ".ln_1", layer.attentionNorm(), tensors);
        linear(name + ".attn.c_attn", List.of(attention.wQ(), attention.wK(), attention.wV()), tensors);
        linear(name + ".attn.c_proj", List.of(attention.wO()), tensors);
        norm(name + ".ln_2", layer.feedForwardNorm(), tensors);
        linear(name + ".mlp.c_fc", List.of(layer.feedForward().inner()), tensors);
        linear(name + ".mlp.c_proj", List.of(layer.feedForward().outer()), tensors);
    }

    private static void norm(String name, @Nullable Object norm, List<NamedTensor> tensors) {
        if (!(norm instanceof LayerNorm layerNorm)) {
            throw new IllegalArgumentException(name + " must be a layer norm, it is " + norm);
        }
        tensors.add(named(name + ".weight", layerNorm.gain()));
        tensors.add(named(name + ".bias", layerNorm.bias()));
    }

    /// Some maps of the same input, the columns of their outputs side by side.
    private static void linear(String name, List<Linear> maps, List<NamedTensor> tensors) {
        int in = maps.getFirst().weight().in();
        int out = maps.stream().mapToInt(map -> map.weight().out()).sum();
        Tensor weight = Tensor.zeros(in, out);
        Tensor bias = Tensor.zeros(out);
        int column = 0;
        for (Linear map : maps) {
            Tensor matrix = Objects.requireNonNull(map.weight().matrix(), "a learned weight");
            for (int o = 0; o < matrix.size(0); o++) {
                for (int i = 0; i < in; i++) {
                    weight.set(matrix.at(o, i), i, column + o);
                }
                bias.set(map.bias() == null ? 0 : map.bias().at(o), column + o);
            }
            column += matrix.size(0);
        }
        tensors.add(named(name + ".weight", weight));
        tensors.add(named(name + ".bias", bias));
    }

    private static NamedTensor named(String name, Tensor tensor) {
        List<Integer> shape = Arrays.stream(tensor.shape().toArray()).boxed().toList();
        return new NamedTensor.Floats(name, shape, tensor.toArray());
    }
}
