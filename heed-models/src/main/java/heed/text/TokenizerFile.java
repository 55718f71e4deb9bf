package heed.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// What Heed reads of a `tokenizer.json` beside the native library, which offers no way to look up a token:
/// the vocabulary, and what stands for the unknown. Read as a stream, for start-up's sake.
final class TokenizerFile {
    private static final Set<String> MODELS = Set.of("WordPiece", "BPE", "WordLevel", "Unigram");

    /// Far above any vocabulary: a larger id is an error in the file, not a reason to allocate.
    private static final int MAX_ID = 1 << 24;

    // Tokens are property names here, each seen once: remembering them, as Jackson does for names, only costs.
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .build();

    /// Reads one value of a document and leaves the rest.
    private static final ObjectReader PART =
            JsonMapper.shared().reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Map<String, Integer> ids = new HashMap<>(1 << 15);
    private final List<@Nullable String> tokens = new ArrayList<>(1 << 15);
    private final List<String> added = new ArrayList<>();
    private final Object source;

    private final List<String> continuations = new ArrayList<>();

    private boolean hasModel;
    private @Nullable String prefix;
    private @Nullable String type;
    private @Nullable String unknown;
    private int unknownId = -1;
    private boolean byteFallback;
    private int size;

    private TokenizerFile(Object source) {
        this.source = source;
    }

    /// Reads the text of a `tokenizer.json`.
    ///
    /// @param source what to call the file in messages
    /// @throws TokenizerException if the text is no tokenizer
    static TokenizerFile read(String json, Object source) {
        TokenizerFile file = new TokenizerFile(source);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            file.read(parser);
        } catch (JacksonException broken) {
            throw TokenizerSettings.broken(source, broken);
        }
        return file;
    }

    private void read(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new TokenizerException(source + " is no tokenizer: it holds no JSON object");
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("added_tokens") && value == JsonToken.START_ARRAY) {
                readAdded(parser);
            } else if (name.equals("model") && value == JsonToken.START_OBJECT) {
                hasModel = true;
                readModel(parser);
            } else if (name.equals("post_processor")) {
                checkFrame(PART.readTree(parser));
            } else if (name.equals("normalizer") || name.equals("pre_tokenizer") || name.equals("decoder")) {
                checkStep(PART.readTree(parser));
            } else {
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw new TokenizerException(source + " is no tokenizer: something follows its JSON object");
        }
        if (!hasModel) {
            throw new TokenizerException(source + " is no tokenizer: it has no \"model\"");
        }
        if (type != null && !MODELS.contains(type)) {
            throw new TokenizerException(source + " has a model of the unknown type " + type
                    + "; known are BPE, Unigram, WordLevel, WordPiece");
        }
        size = ids.size();
        int next = size;
        for (String token : added) { // as the native library numbers them: a token of the model keeps its id
            if (!ids.containsKey(token)) {
                put(token, next++);
                size++;
            }
        }
        if (unknown == null && unknownId >= 0) {
            unknown = token(unknownId).orElse(null);
        }
    }

    private void readAdded(JsonParser parser) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new TokenizerException(source + " has an added token that is no JSON object");
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                if (name.equals("content") && value == JsonToken.VALUE_STRING) {
                    added.add(parser.getString());
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    /// A template that names a token which it does not define is accepted by the native library, and ends the
    /// whole process at the first text; one with more ids than tokens makes rows that do not fit together.
    private void checkFrame(JsonNode processor) {
        JsonNode defined = processor.path("special_tokens");
        for (String template : List.of("single", "pair")) {
            for (JsonNode piece : processor.path(template)) {
                Optional<String> token = piece.path("SpecialToken").path("id").stringValueOpt();
                if (template.equals("single")
                        && piece.path("Sequence").path("id").asString("").equals("B")) {
                    throw new TokenizerException(source + " frames single texts with a second one");
                }
                if (piece.has("SpecialToken") && !token.map(defined::has).orElse(false)) {
                    throw new TokenizerException(source + " frames texts with the token " + token.orElse("")
                            + ", which its \"special_tokens\" do not define");
                }
            }
        }
        for (JsonNode token : defined) {
            if (token.path("ids").size() != token.path("tokens").size()) {
                throw new TokenizerException(source + " defines the special token "
                        + token.path("id").asString("") + " with unequal numbers of ids and tokens");
            }
        }
        processor.path("processors").forEach(this::checkFrame);
    }

    /// As above: the native library accepts these steps, and they end the process.
    private void checkStep(JsonNode step) {
        String kind = step.path("type").asString("");
        if (kind.equals("FixedLength") && step.path("length").asInt(1) == 0) {
            throw new TokenizerException(source + " cuts texts into pieces of length 0");
        }
        if (kind.equals("Prepend") && step.path("prepend").asString("").isEmpty()) {
            throw new TokenizerException(source + " puts nothing before texts; such a step must be left out");
        }
        JsonNode pattern = step.path("pattern");
        if (kind.equals("Replace")
                && (pattern.path("String").asString("x").isEmpty()
                        || pattern.path("Regex").asString("x").isEmpty())) {
            throw new TokenizerException(source + " replaces a pattern that is empty");
        }
        if (kind.equals("Strip") && step.path("stop").asInt(0) > 1) {
            throw new TokenizerException(source + " strips more than one character from the end of tokens");
        }
        if (step.has("precompiled_charsmap") && !isCharacterTable(step.path("precompiled_charsmap"))) {
            throw new TokenizerException(source + " has a broken \"precompiled_charsmap\"");
        }
        step.path("normalizers").forEach(this::checkStep);
        step.path("pretokenizers").forEach(this::checkStep);
        step.path("decoders").forEach(this::checkStep);
    }

    /// Whether a table of SentencePiece is whole: a size in bytes, so many bytes of 32-bit units, and strings.
    private static boolean isCharacterTable(JsonNode text) {
        byte[] table;
        try {
            table = Base64.getMimeDecoder().decode(text.asString(""));
        } catch (IllegalArgumentException broken) {
            return false;
        }
        if (table.length < Integer.BYTES) {
            return false;
        }
        int size = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN).getInt();
        return size >= Integer.BYTES && size <= table.length - Integer.BYTES;
    }

    private void readModel(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "type" -> type = value == JsonToken.VALUE_STRING ? parser.getString() : null;
                case "unk_token" -> unknown = value == JsonToken.VALUE_STRING ? parser.getString() : null;
                case "unk_id" -> unknownId = value == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : -1;
                case "byte_fallback" -> byteFallback = value == JsonToken.VALUE_TRUE;
                case "vocab" -> {
                    if (value == JsonToken.START_OBJECT) {
                        readNumbered(parser);
                    } else if (value == JsonToken.START_ARRAY) {
                        readScored(parser);
                    }
                }
                case "continuing_subword_prefix" -> prefix = value == JsonToken.VALUE_STRING ? parser.getString() : "";
                case "merges" -> {
                    if (value == JsonToken.START_ARRAY && !"".equals(prefix)) {
                        readMerges(parser);
                    } else {
                        parser.skipChildren();
                    }
                }
                default -> parser.skipChildren();
            }
        }
        checkMerges();
    }

    /// `["t ##h", …]`, or `[["t", "##h"], …]`; only the second parts are kept, and only where a prefix may be
    /// in use.
    private void readMerges(JsonParser parser) {
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            if (next == JsonToken.VALUE_STRING) {
                String pair = parser.getString();
                continuations.add(pair.substring(pair.indexOf(' ') + 1));
            } else if (next == JsonToken.START_ARRAY) {
                String last = "";
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    last = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : "";
                    parser.skipChildren();
                }
                continuations.add(last);
            } else {
                parser.skipChildren();
            }
        }
    }

    /// The native library cuts the prefix off without looking, and ends the whole process where there is none.
    private void checkMerges() {
        String required = prefix == null ? "" : prefix;
        for (String continuation : continuations) {
            if (!continuation.startsWith(required)) {
                throw new TokenizerException(
                        source + " merges " + continuation + ", which does not begin with its prefix " + required);
            }
        }
        continuations.clear();
    }

    /// `{"the": 7, …}`
    private void readNumbered(JsonParser parser) {
        for (String token = parser.nextName(); token != null; token = parser.nextName()) {
            if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
                throw new TokenizerException(source + " gives the token " + token + " no number");
            }
            put(token, parser.getIntValue());
        }
    }

    /// `[["the", -3.2], …]`, numbered by their order
    private void readScored(JsonParser parser) {
        int id = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_ARRAY || parser.nextToken() != JsonToken.VALUE_STRING) {
                throw new TokenizerException(source + " has no spelling for token " + id);
            }
            put(parser.getString(), id++);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parser.skipChildren();
            }
        }
    }

    private void put(String token, int id) {
        if (id < 0 || id > MAX_ID) {
            throw new TokenizerException(source + " numbers the token " + token + " with " + id);
        }
        while (tokens.size() <= id) {
            tokens.add(null);
        }
        tokens.set(id, token);
        ids.put(token, id);
    }

    /// The number of tokens, those added to the model's included.
    int size() {
        return size;
    }

    OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    Optional<String> token(int id) {
        return id < 0 || id >= tokens.size() ? Optional.empty() : Optional.ofNullable(tokens.get(id));
    }

    /// The token that the model uses for what it cannot spell, if it has one and the vocabulary has that.
    Optional<String> unknown() {
        return Optional.ofNullable(unknown).filter(ids::containsKey);
    }

    /// Whether every text can be tokenized. A model whose unknown token is not in its vocabulary fails on
    /// some texts.
    boolean total() {
        return unknown().isPresent() || byteFallback || ("BPE".equals(type) && unknown == null);
    }
}
