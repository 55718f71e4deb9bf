package heed.family;

import heed.kernel.RecurrentCell;
import heed.recurrent.RecurrentClassifier.Pooling;
import heed.recurrent.RecurrentTranslator.Looking;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The configuration of a recurrent network that Heed has trained. Hugging Face has no such models, so the
/// words of its `config.json` are our own; those that PyTorch has for the same are PyTorch's.
///
/// @param kind what the network does
/// @param embeddingSize of a word
/// @param hiddenSize of a state: of the decoder, where there is an encoder, and of each direction of a
/// classifier
/// @param numLayers of each stack
/// @param bidirectional whether a classifier reads from both ends
/// @param pooling what a classifier remembers of a text
/// @param attention how a translator looks at its source
/// @param tied whether a translator has one table of words for source, target and scores
/// @param decoderStartTokenId the token that every target begins with
/// @param multiLabel whether a text may belong to several classes at once (`problem_type`)
/// @param labels the names of the classes, by index
public record RecurrentConfig(
        Kind kind,
        RecurrentCell cell,
        int vocabSize,
        int embeddingSize,
        int hiddenSize,
        int numLayers,
        boolean bidirectional,
        Pooling pooling,
        Looking attention,
        boolean tied,
        int decoderStartTokenId,
        boolean multiLabel,
        List<String> labels)
        implements ModelConfig {
    public static final String MODEL_TYPE = "heed-recurrent";

    /// A state has room for any text; who reads more than this at once means something else.
    private static final int MOST_TOKENS = 1 << 20;

    /// What a network does.
    public enum Kind {
        LANGUAGE_MODEL("RecurrentLanguageModel"),
        CLASSIFIER("RecurrentClassifier"),
        TRANSLATOR("RecurrentTranslator");

        private final String spelling;

        Kind(String spelling) {
            this.spelling = spelling;
        }

        /// As `architectures` names it.
        public String spelling() {
            return spelling;
        }
    }

    static RecurrentConfig of(ConfigFile file) {
        RecurrentConfig config = new RecurrentConfig(
                architecture(file),
                constant(file, "cell", RecurrentCell.class, "lstm"),
                file.positive("vocab_size"),
                file.positive("embedding_size"),
                file.positive("hidden_size"),
                file.layers("num_layers"),
                file.flag("bidirectional", false),
                constant(file, "pooling", Pooling.class, "last"),
                constant(file, "attention", Looking.class, "none"),
                file.flag("tie_word_embeddings", false),
                file.whole("decoder_start_token_id", 0),
                file.multiLabel(),
                file.labels());
        if (config.tied && config.embeddingSize != config.hiddenSize) {
            throw file.refuse("embedding_size " + config.embeddingSize + " is not hidden_size " + config.hiddenSize
                    + ", though words and scores share their embeddings");
        }
        if (config.kind == Kind.TRANSLATOR && config.hiddenSize % 2 != 0) {
            throw file.refuse("hidden_size " + config.hiddenSize + " has no half for each direction of the encoder");
        }
        return config;
    }

    private static Kind architecture(ConfigFile file) {
        String said = String.join(", ", file.texts("architectures"));
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.spelling.equals(said))
                .findFirst()
                .orElseThrow(() -> file.refuse("architecture " + said + " is not supported; supported: "
                        + String.join(
                                ", ",
                                Arrays.stream(Kind.values())
                                        .map(kind -> kind.spelling)
                                        .toList())));
    }

    /// A constant that `key` names in small letters, words joined by hyphens.
    private static <E extends Enum<E>> E constant(ConfigFile file, String key, Class<E> type, String otherwise) {
        String said = file.text(key, otherwise);
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> spelling(constant).equals(said))
                .findFirst()
                .orElseThrow(() -> file.refuse(key + " '" + said + "' is not supported; supported: "
                        + String.join(
                                ", ",
                                Arrays.stream(type.getEnumConstants())
                                        .map(RecurrentConfig::spelling)
                                        .toList())));
    }

    /// What a constant is called in a `config.json`.
    public static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String modelType() {
        return MODEL_TYPE;
    }

    @Override
    public String architecture() {
        return kind.spelling;
    }

    @Override
    public int vocabularySize() {
        return vocabSize;
    }

    @Override
    public int layers() {
        return numLayers;
    }

    /// There are none.
    @Override
    public int heads() {
        return 0;
    }

    @Override
    public int dModel() {
        return kind == Kind.CLASSIFIER && bidirectional ? 2 * hiddenSize : hiddenSize;
    }

    @Override
    public int maxTokens() {
        return MOST_TOKENS;
    }

    int startId() {
        return decoderStartTokenId;
    }
}
