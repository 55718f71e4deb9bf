package heed.recipe;

import heed.hub.Progress;
import heed.kernel.RecurrentCell;
import heed.recurrent.RecurrentClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a classifier begins with.
sealed interface ClassifierStart {
    /// For people.
    String title();

    /// What holds for training where the recipe is silent.
    TrainingSettings.Defaults defaults();

    /// What must be the same when training goes on.
    Map<String, String> fingerprint();

    /// Fetches or makes the model.
    ///
    /// @param data whose labels the model is to know
    /// @param training the texts that it learns from
    /// @param out where the model goes
    ClassifierModel begin(
            LabelledTexts data,
            List<LabelledTexts.Example> training,
            ClassifierRecipe recipe,
            Path out,
            Progress fetching)
            throws IOException;

    /// @param folder of the recipe
    static ClassifierStart read(Section root, @Nullable Path folder) {
        return root.holdsPart("model") ? Recurrent.read(root, folder) : Pretrained.read(root, folder);
    }

    /// A model that knows its language.
    ///
    /// @param model its reference
    record Pretrained(String model, Tune tune) implements ClassifierStart {
        /// What the usual fine-tuning does (Devlin et al. 2019, appendix A.3).
        private static final TrainingSettings.Defaults DEFAULTS = new TrainingSettings.Defaults(
                "adamw", 5e-5, 0.999, 1e-8, 0.01, 1, "linear", 0, 0.1, 4, OptionalLong.empty());

        /// The rate where little is learned: a head, or small updates.
        private static final double RATE_OF_FEW = 1e-3;

        static Pretrained read(Section root, @Nullable Path folder) {
            return new Pretrained(reference(root.text("model", null), folder), Tune.read(root));
        }

        /// A folder beside the recipe, or whatever `Models.open` understands.
        private static String reference(String said, @Nullable Path folder) {
            if (folder == null) {
                return said;
            }
            Path beside = folder.resolve(said);
            return beside.resolve("config.json").toFile().isFile() ? beside.toString() : said;
        }

        @Override
        public String title() {
            return model + ", " + tune;
        }

        @Override
        public TrainingSettings.Defaults defaults() {
            return tune instanceof Tune.Full ? DEFAULTS : DEFAULTS.withRate(RATE_OF_FEW);
        }

        @Override
        public Map<String, String> fingerprint() {
            return Map.of("model", model, "tune", tune.toString());
        }

        @Override
        public ClassifierModel begin(
                LabelledTexts data,
                List<LabelledTexts.Example> training,
                ClassifierRecipe recipe,
                Path out,
                Progress fetching) {
            return new FineTuning(this, data.labels(), recipe, fetching);
        }
    }

    /// A recurrent network that knows nothing.
    ///
    /// @param bothWays whether it reads from both ends
    /// @param width of embeddings and of each direction
    record Recurrent(
            RecurrentCell cell,
            RecurrentClassifier.Pooling pooling,
            boolean bothWays,
            int layers,
            int width,
            TokenizerChoice tokenizer)
            implements ClassifierStart {
        private static final TrainingSettings.Defaults DEFAULTS = new TrainingSettings.Defaults(
                "adam", 2e-3, 0.999, 1e-8, 0, 1, "linear", 0, 0.3, 10, OptionalLong.empty());

        static Recurrent read(Section root, @Nullable Path folder) {
            Section model = root.part("model");
            RecurrentCell cell = RecurrentFiles.cell(model);
            if (cell == null) {
                throw model.refuse(
                        "kind",
                        "lstm, gru, rnn or rnn-relu; a Transformer is fine-tuned, and named as in 'model: minilm'",
                        "transformer");
            }
            return new Recurrent(
                    cell,
                    model.choice("pooling", "mean", "mean", "last").equals("last")
                            ? RecurrentClassifier.Pooling.LAST
                            : RecurrentClassifier.Pooling.MEAN,
                    model.flag("both_ways", true),
                    model.integer("layers", 1, 1),
                    model.integer("width", 128, 1),
                    TokenizerChoice.read(root, "words", folder));
        }

        @Override
        public String title() {
            return cell.name().toLowerCase(Locale.ROOT) + ", " + layers + (layers == 1 ? " layer" : " layers")
                    + (bothWays ? " both ways" : "") + ", width " + width;
        }

        @Override
        public TrainingSettings.Defaults defaults() {
            return DEFAULTS;
        }

        @Override
        public Map<String, String> fingerprint() {
            Map<String, String> print = new TreeMap<>();
            print.put("model.kind", cell.name().toLowerCase(Locale.ROOT));
            print.put("model.pooling", pooling.name().toLowerCase(Locale.ROOT));
            print.put("model.both_ways", String.valueOf(bothWays));
            print.put("model.layers", String.valueOf(layers));
            print.put("model.width", String.valueOf(width));
            print.put("tokenizer", tokenizer.said());
            return print;
        }

        @Override
        public ClassifierModel begin(
                LabelledTexts data,
                List<LabelledTexts.Example> training,
                ClassifierRecipe recipe,
                Path out,
                Progress fetching)
                throws IOException {
            List<String> texts =
                    training.stream().map(LabelledTexts.Example::text).toList();
            tokenizer.write(out, texts, recipe.maxTokens(), false);
            return new RecurrentBeginner(this, data.labels(), recipe, out);
        }
    }
}
