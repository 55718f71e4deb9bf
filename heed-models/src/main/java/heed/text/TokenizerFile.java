package heed.text;

import java.util.ArrayList;
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

    private final Map<String, Integer> ids = new HashMap<>(1 << 15);
    private final List<@Nullable String> tokens = new ArrayList<>(1 << 15);
    private final List<String> added = new ArrayList<>();
    private final Object source;

    private boolean hasModel;
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
        while (parser.nextToken() == JsonToken.START_OBJECT) {
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
                default -> parser.skipChildren();
            }
        }
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
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
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
