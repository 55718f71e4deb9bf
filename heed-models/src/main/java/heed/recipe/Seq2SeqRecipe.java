package heed.recipe;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// How an encoder and a decoder learn to write one text about another: `heed train seq2seq`.
///
/// @param validated what to validate with; without files a share of the data
/// @param source the field of the data that is read
/// @param target the field that is to be written
/// @param protect whether placeholders, markup and numbers are signs, as [heed.corpus.Protection] makes them
/// @param sampling the share of words that every batch has in another cut than the tokenizer's
/// @param maxTokens of a source or a target; longer pairs are left out
/// @param smoothing of the targets (Vaswani et al. 2017, §5.4)
public record Seq2SeqRecipe(
        DataFiles data,
        DataFiles validated,
        String source,
        String target,
        boolean protect,
        TokenizerChoice tokenizer,
        double sampling,
        Seq2SeqArchitecture architecture,
        int maxTokens,
        double smoothing,
        double validation,
        double test,
        int batchTokens,
        TrainingSettings training) {
    /// What the paper decodes with (§6.1).
    private static final int BEAMS = 4;

    private static final double LENGTH_PENALTY = 0.6;

    /// @param steps instead of those of the recipe; 0 for those of the recipe
    /// @throws RecipeException naming the key that is wrong
    public static Seq2SeqRecipe read(Path file, long steps) {
        Section root = Section.read(file);
        Section data = root.part("data");
        Section model = root.part("model");
        Path folder = file.toAbsolutePath().getParent();
        Seq2SeqArchitecture architecture = Seq2SeqArchitecture.read(model);
        Seq2SeqRecipe recipe = new Seq2SeqRecipe(
                DataFiles.read(data, folder),
                new DataFiles(null, data.texts("validation", List.of()), folder),
                data.text("source", "source"),
                data.text("target", "target"),
                data.flag("protect", false),
                TokenizerChoice.read(root, "characters", folder),
                root.number("subword_sampling", 0.0, 0, 1),
                architecture,
                model.integer("max_tokens", 128, 2),
                root.number("label_smoothing", 0.1, 0, 1),
                root.number("validation", 0.05, 0, 1),
                root.number("test", 0.05, 0, 1),
                root.integer("batch_tokens", 2048, 1),
                TrainingSettings.read(root, model, architecture.defaults(), steps));
        if (recipe.data.files().isEmpty()) {
            throw data.missing("file");
        }
        root.requireKnown();
        return recipe;
    }

    String configJson(int vocabulary, int padding, int end) {
        return architecture.configJson(vocabulary, padding, end, maxTokens, training.dropout());
    }

    String generationJson(int padding, int end) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("decoder_start_token_id", padding);
        config.put("pad_token_id", padding);
        config.put("eos_token_id", end);
        config.put("max_length", maxTokens);
        config.put("num_beams", BEAMS);
        config.put("length_penalty", LENGTH_PENALTY);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config);
    }

    /// What must be the same when training goes on: everything that the next step depends on but the data.
    Map<String, String> fingerprint() {
        Map<String, String> print = new TreeMap<>(training.fingerprint());
        print.putAll(architecture.fingerprint());
        print.put("tokenizer", tokenizer.said());
        print.put("data.protect", String.valueOf(protect));
        print.put("subword_sampling", String.valueOf(sampling));
        print.put("model.max_tokens", String.valueOf(maxTokens));
        print.put("batch_tokens", String.valueOf(batchTokens));
        print.put("label_smoothing", String.valueOf(smoothing));
        return print;
    }
}
