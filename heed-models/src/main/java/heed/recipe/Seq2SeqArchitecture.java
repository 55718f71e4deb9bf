package heed.recipe;

import heed.checkpoint.NamedTensor;
import heed.family.ParameterSource;
import heed.family.RecurrentConfig;
import heed.kernel.RecurrentCell;
import heed.recurrent.RecurrentTranslator;
import heed.recurrent.RecurrentTranslator.Looking;
import heed.stack.NormPlacement;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.training.Initializer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// What an encoder and a decoder are made of, and how large they are. Everything else about training and using
/// them is the same.
sealed interface Seq2SeqArchitecture {
    /// D
    int width();

    /// For people.
    String title();

    /// The `config.json` of the model.
    ///
    /// @param longest tokens of a source or target
    String configJson(int vocabulary, int padding, int end, int longest, double dropout);

    /// The first values of the parameters.
    ParameterSource.Beginning beginning(int vocabulary, long seed);

    /// What a checkpoint of this kind has besides what is learned.
    List<NamedTensor> constants(int vocabulary);

    /// What holds for training where the recipe is silent.
    TrainingSettings.Defaults defaults();

    /// What must be the same when training goes on.
    Map<String, String> fingerprint();

    static Seq2SeqArchitecture read(Section model) {
        RecurrentCell cell = RecurrentFiles.cell(model);
        return cell == null ? Transformer.of(model) : Recurrent.of(cell, model);
    }

    /// The Transformer of "Attention is all you need".
    ///
    /// @param norms after each block, as in the paper, with its sinusoidal positions; or before, with learned
    /// ones
    /// @param layers of the encoder, and as many of the decoder
    /// @param inner F
    record Transformer(NormPlacement norms, int layers, int heads, int width, int inner)
            implements Seq2SeqArchitecture {
        /// The paper's (§5.3 and §5.4), with less warm-up, as for small models.
        private static final TrainingSettings.Defaults DEFAULTS =
                new TrainingSettings.Defaults("adam", 1, 0.98, 1e-9, 0, 0, "noam", 400, 0.1, 10, OptionalLong.empty());

        static Transformer of(Section model) {
            int width = model.integer("width", 128, 1);
            int heads = model.integer("heads", 4, 1);
            if (width % heads != 0) {
                throw model.refuse("width", "divisible by the " + heads + " heads", width);
            }
            return new Transformer(
                    model.choice("norm", "after", "after", "before").equals("after")
                            ? NormPlacement.AFTER
                            : NormPlacement.BEFORE,
                    model.integer("layers", 2, 1),
                    heads,
                    width,
                    model.integer("inner", 4 * width, 1));
        }

        @Override
        public String title() {
            return layers + " and " + layers + " layers, " + heads + " heads, width " + width;
        }

        @Override
        public TrainingSettings.Defaults defaults() {
            return DEFAULTS;
        }

        /// That of a model of Hugging Face's that computes the same: MarianMT normalises after each block and
        /// has sinusoidal positions, mBART normalises before.
        @Override
        public String configJson(int vocabulary, int padding, int end, int longest, double dropout) {
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
            config.put("max_position_embeddings", longest);
            config.put("scale_embedding", true);
            config.put("tie_word_embeddings", true);
            config.put("normalize_before", !after);
            config.put("add_final_layer_norm", !after);
            config.put("normalize_embedding", !after);
            config.put("dropout", dropout);
            config.put("attention_dropout", dropout);
            config.put("activation_dropout", 0.0);
            config.put("pad_token_id", padding);
            config.put("eos_token_id", end);
            config.put("bos_token_id", null);
            config.put("decoder_start_token_id", padding);
            config.put("forced_eos_token_id", null);
            config.put("dtype", "float32");
            return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config);
        }

        /// Embeddings of length about 1 (they are multiplied by `√D`), matrices as Glorot and Bengio draw them,
        /// norms that change nothing.
        @Override
        public ParameterSource.Beginning beginning(int vocabulary, long seed) {
            Initializer draw = new Initializer(seed);
            return (path, shape) -> path.equals("head.bias") ? Optional.empty() : Optional.of(first(path, shape, draw));
        }

        private Tensor first(String path, Shape shape, Initializer draw) {
            if (shape.rank() == 1) {
                return Initializer.constant(path.endsWith(".weight") ? 1 : 0, shape.toArray());
            }
            boolean embedding = path.endsWith("words") || path.endsWith("positions");
            return embedding
                    ? draw.normal(1 / Math.sqrt(width), shape.toArray())
                    : draw.xavier(shape.size(0), shape.size(1));
        }

        /// A bias that Hugging Face's class has and never learns.
        @Override
        public List<NamedTensor> constants(int vocabulary) {
            return List.of(NamedTensor.of("final_logits_bias", List.of(1, vocabulary), new float[vocabulary]));
        }

        @Override
        public Map<String, String> fingerprint() {
            Map<String, String> print = new TreeMap<>();
            print.put("model.norm", String.valueOf(norms));
            print.put("model.layers", String.valueOf(layers));
            print.put("model.heads", String.valueOf(heads));
            print.put("model.width", String.valueOf(width));
            print.put("model.inner", String.valueOf(inner));
            return print;
        }
    }

    /// A [RecurrentTranslator].
    ///
    /// @param layers of the encoder, and as many of the decoder
    /// @param width of embeddings and of the decoder's states
    /// @param tied whether source, target and scores have one table of words
    record Recurrent(RecurrentCell cell, Looking looking, int layers, int width, boolean tied)
            implements Seq2SeqArchitecture {
        private static final TrainingSettings.Defaults DEFAULTS = new TrainingSettings.Defaults(
                "adam", 2e-3, 0.999, 1e-8, 0, 1, "linear", 100, 0.1, 10, OptionalLong.empty());

        static Recurrent of(RecurrentCell cell, Section model) {
            Recurrent read = new Recurrent(
                    cell,
                    switch (model.choice("attention", "bahdanau", "bahdanau", "luong-dot", "luong-general", "none")) {
                        case "luong-dot" -> Looking.LUONG_DOT;
                        case "luong-general" -> Looking.LUONG_GENERAL;
                        case "none" -> Looking.NONE;
                        default -> Looking.BAHDANAU;
                    },
                    model.integer("layers", 2, 1),
                    model.integer("width", 128, 2),
                    model.flag("tied", true));
            if (read.width % 2 != 0) {
                throw model.refuse("width", "even, half for each direction of the encoder", read.width);
            }
            return read;
        }

        @Override
        public String title() {
            String looks = looking == Looking.NONE ? "no attention" : RecurrentConfig.spelling(looking) + " attention";
            return cell.name().toLowerCase(Locale.ROOT) + ", " + looks + ", " + layers + " and " + layers
                    + " layers, width " + width;
        }

        @Override
        public TrainingSettings.Defaults defaults() {
            return DEFAULTS;
        }

        @Override
        public String configJson(int vocabulary, int padding, int end, int longest, double dropout) {
            Map<String, Object> config =
                    RecurrentFiles.config(RecurrentConfig.Kind.TRANSLATOR, cell, vocabulary, width, layers, dropout);
            config.put("attention", RecurrentConfig.spelling(looking));
            config.put("tie_word_embeddings", tied);
            config.put("pad_token_id", padding);
            config.put("eos_token_id", end);
            config.put("decoder_start_token_id", padding);
            return RecurrentFiles.json(config);
        }

        @Override
        public ParameterSource.Beginning beginning(int vocabulary, long seed) {
            RecurrentTranslator.Sizes sizes = new RecurrentTranslator.Sizes(vocabulary, vocabulary, layers, width);
            return RecurrentFiles.asIn(
                    tied
                            ? RecurrentTranslator.tied(cell, looking, sizes, seed)
                            : RecurrentTranslator.fresh(cell, looking, sizes, seed));
        }

        @Override
        public List<NamedTensor> constants(int vocabulary) {
            return List.of();
        }

        @Override
        public Map<String, String> fingerprint() {
            Map<String, String> print = new TreeMap<>();
            print.put("model.kind", cell.name().toLowerCase(Locale.ROOT));
            print.put("model.attention", RecurrentConfig.spelling(looking));
            print.put("model.layers", String.valueOf(layers));
            print.put("model.width", String.valueOf(width));
            print.put("model.tied", String.valueOf(tied));
            return print;
        }
    }
}
