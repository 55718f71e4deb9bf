package heed.recipe;

import heed.stack.NormPlacement;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// How the encoder and decoder of "Attention is all you need" learn to write one text about another: `heed
/// train seq2seq`.
///
/// @param source the field of the data that is read
/// @param target the field that is to be written
/// @param tokenizer `words`, `characters`, or a `tokenizer.json`
/// @param norms after each block, as in the paper, with its sinusoidal positions; or before, with learned ones
/// @param layers of the encoder, and as many of the decoder
/// @param width D
/// @param inner F
/// @param maxTokens of a source or a target; longer pairs are left out
/// @param smoothing of the targets (§5.4)
public record Seq2SeqRecipe(
        DataFiles data,
        String source,
        String target,
        String tokenizer,
        int least,
        NormPlacement norms,
        int layers,
        int heads,
        int width,
        int inner,
        int maxTokens,
        double smoothing,
        double validation,
        double test,
        int batchTokens,
        TrainingSettings training) {
    /// The paper's (§5.3 and §5.4), with less warm-up, as for small models.
    private static final TrainingSettings.Defaults DEFAULTS =
            new TrainingSettings.Defaults("adam", 1, 0.98, 1e-9, 0, 0, "noam", 400, 0.1, 10, OptionalLong.empty());

    /// @param steps instead of those of the recipe; 0 for those of the recipe
    /// @throws RecipeException naming the key that is wrong
    public static Seq2SeqRecipe read(Path file, long steps) {
        Section root = Section.read(file);
        Section data = root.part("data");
        Section model = root.part("model");
        Path folder = file.toAbsolutePath().getParent();
        int width = model.integer("width", 128, 1);
        Seq2SeqRecipe recipe = new Seq2SeqRecipe(
                DataFiles.read(data, folder),
                data.text("source", "source"),
                data.text("target", "target"),
                tokenizer(root.text("tokenizer", "characters"), folder),
                root.integer("least_count", 1, 1),
                model.choice("norm", "after", "after", "before").equals("after")
                        ? NormPlacement.AFTER
                        : NormPlacement.BEFORE,
                model.integer("layers", 2, 1),
                model.integer("heads", 4, 1),
                width,
                model.integer("inner", 4 * width, 1),
                model.integer("max_tokens", 128, 2),
                root.number("label_smoothing", 0.1, 0, 1),
                root.number("validation", 0.05, 0, 1),
                root.number("test", 0.05, 0, 1),
                root.integer("batch_tokens", 2048, 1),
                TrainingSettings.read(root, model, DEFAULTS, steps));
        if (recipe.data.files().isEmpty()) {
            throw data.missing("file");
        }
        root.requireKnown();
        if (recipe.width % recipe.heads != 0) {
            throw model.refuse("width", "divisible by the " + recipe.heads + " heads", recipe.width);
        }
        return recipe;
    }

    private static String tokenizer(String said, @Nullable Path folder) {
        return List.of("words", "characters").contains(said) || folder == null
                ? said
                : folder.resolve(said).toString();
    }

    /// The `config.json` of a model of Hugging Face's that computes the same: MarianMT normalises after each
    /// block and has sinusoidal positions, mBART normalises before.
    String configJson(int vocabulary, int padding, int end) {
        boolean after = norms == NormPlacement.AFTER;
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", after ? "marian" : "mbart");
        config.put("architectures", List.of(after ? "MarianMTModel" : "MBartForConditionalGeneration"));
        config.put("is_encoder_decoder", true);
        config.put("vocab_size", vocabulary);
        if (after) {
            config.put("decoder_vocab_size", vocabulary);
            config.put("share_encoder_decoder_embeddings", true);
            config.put("static_position_embeddings", true);
        }
        config.put("d_model", width);
        for (String stack : List.of("encoder", "decoder")) {
            config.put(stack + "_layers", layers);
            config.put(stack + "_attention_heads", heads);
            config.put(stack + "_ffn_dim", inner);
            config.put(stack + "_layerdrop", 0.0);
        }
        config.put("num_hidden_layers", layers);
        config.put("activation_function", "relu");
        config.put("max_position_embeddings", maxTokens);
        config.put("scale_embedding", true);
        config.put("tie_word_embeddings", true);
        config.put("normalize_before", !after);
        config.put("add_final_layer_norm", !after);
        config.put("normalize_embedding", !after);
        config.put("dropout", training.dropout());
        config.put("attention_dropout", training.dropout());
        config.put("activation_dropout", 0.0);
        config.put("pad_token_id", padding);
        config.put("eos_token_id", end);
        config.put("bos_token_id", null);
        config.put("decoder_start_token_id", padding);
        config.put("forced_eos_token_id", null);
        config.put("dtype", "float32");
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config);
    }

    String generationJson(int padding, int end) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("decoder_start_token_id", padding);
        config.put("pad_token_id", padding);
        config.put("eos_token_id", end);
        config.put("max_length", maxTokens);
        config.put("num_beams", 4);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config);
    }

    /// What must be the same when training goes on: everything that the next step depends on but the data.
    Map<String, String> fingerprint() {
        Map<String, String> print = new TreeMap<>(training.fingerprint());
        print.put("tokenizer", tokenizer);
        print.put("model.norm", String.valueOf(norms));
        print.put("model.layers", String.valueOf(layers));
        print.put("model.heads", String.valueOf(heads));
        print.put("model.width", String.valueOf(width));
        print.put("model.inner", String.valueOf(inner));
        print.put("model.max_tokens", String.valueOf(maxTokens));
        print.put("batch_tokens", String.valueOf(batchTokens));
        print.put("label_smoothing", String.valueOf(smoothing));
        return print;
    }
}
