package heed.text;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `tokenizer_config.json` and, behind it, `special_tokens_map.json` say of a tokenizer, which tokens
/// `added_tokens.json` adds, and the kind of model that `config.json` is of. Each may be absent.
final class TokenizerSettings {
    private final @Nullable JsonNode config;
    private final @Nullable JsonNode specialTokens;
    private final @Nullable JsonNode addedTokens;
    private final @Nullable JsonNode model;

    private TokenizerSettings(
            @Nullable JsonNode config,
            @Nullable JsonNode specialTokens,
            @Nullable JsonNode addedTokens,
            @Nullable JsonNode model) {
        this.config = config;
        this.specialTokens = specialTokens;
        this.addedTokens = addedTokens;
        this.model = model;
    }

    /// @throws TokenizerException if one of the two is there and broken
    static TokenizerSettings read(Path folder) {
        return new TokenizerSettings(
                object(folder.resolve("tokenizer_config.json")),
                object(folder.resolve("special_tokens_map.json")),
                object(folder.resolve("added_tokens.json")),
                object(folder.resolve("config.json")));
    }

    /// Settings that come from elsewhere than files.
    static TokenizerSettings of(Map<String, String> config) {
        return new TokenizerSettings(JsonMapper.shared().valueToTree(config), null, null, null);
    }

    private static @Nullable JsonNode object(Path file) {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            JsonNode node = JsonMapper.shared().readTree(text(file));
            if (!node.isObject()) {
                throw new TokenizerException(file + " holds no JSON object");
            }
            return node;
        } catch (JacksonException broken) {
            throw broken(file, broken);
        }
    }

    /// The whole text of a file.
    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException broken) {
            throw new TokenizerException(file + " is not UTF-8 text", broken);
        } catch (IOException failure) {
            throw new TokenizerException(file + " cannot be read: " + failure.getMessage(), failure);
        } catch (OutOfMemoryError tooLarge) { // what readString throws for more than an array holds
            throw new TokenizerException(file + " is too large for a tokenizer", tooLarge);
        }
    }

    static TokenizerException broken(Object source, JacksonException cause) {
        String message = cause.getOriginalMessage();
        String reason = message == null ? "" : message.lines().findFirst().orElse("");
        String where = cause.getLocation() == null
                ? ""
                : " at line " + cause.getLocation().getLineNr() + ", column "
                        + cause.getLocation().getColumnNr();
        return new TokenizerException(source + " is broken JSON" + where + ": " + reason, cause);
    }

    /// A yes or no of `tokenizer_config.json`; empty if it says nothing.
    Optional<Boolean> flag(String name) {
        return config == null ? Optional.empty() : config.path(name).booleanValueOpt();
    }

    /// A whole number of `tokenizer_config.json`; empty if it says nothing.
    Optional<Integer> whole(String name) {
        return config == null || !config.path(name).isInt()
                ? Optional.empty()
                : Optional.of(config.path(name).asInt());
    }

    /// The family that the tokenizer's class is named after, such as `T5`, where the files say so or the model
    /// is of a kind that has always the same.
    Optional<String> family() {
        return string("tokenizer_class")
                .map(name -> name.replaceFirst("Tokenizer(Fast)?$", ""))
                .filter(name -> !name.isEmpty() && !name.equals("PreTrained"))
                .or(() -> Optional.ofNullable(model)
                        .flatMap(config -> config.path("model_type").stringValueOpt())
                        .flatMap(TokenizerSettings::familyOf));
    }

    private static Optional<String> familyOf(String modelType) {
        return switch (modelType) {
            case "t5", "mt5", "umt5" -> Optional.of("T5");
            case "xlm-roberta" -> Optional.of("XLMRoberta");
            case "llama", "mistral" -> Optional.of("Llama");
            case "marian" -> Optional.of("Marian");
            case "gpt2" -> Optional.of("GPT2");
            case "roberta" -> Optional.of("Roberta");
            case "bart" -> Optional.of("Bart");
            case "qwen2" -> Optional.of("Qwen2");
            default -> Optional.empty();
        };
    }

    /// The token that plays this part, as the files name it or otherwise the usual one.
    String name(SpecialToken part, String usual) {
        return specialToken(part).flatMap(TokenizerSettings::content).orElse(usual);
    }

    /// The tokens that the files add to a vocabulary.
    void addTokens(TokenizerJson json) {
        if (addedTokens != null) {
            addedTokens.forEachEntry((token, id) -> json.added(id.asInt(), token, true));
        }
        if (config != null) {
            config.path("added_tokens_decoder").forEachEntry((id, token) -> {
                if (!id.matches("\\d{1,9}")) {
                    throw new TokenizerException("tokenizer_config.json numbers an added token with '" + id + "'");
                }
                json.added(Integer.parseInt(id), token);
            });
        }
    }

    /// The numbers of tokens that a `vocab.json` gives.
    Map<String, Integer> vocabulary(Path file) {
        JsonNode json = object(file);
        if (json == null) {
            throw new TokenizerException(file + " is missing");
        }
        Map<String, Integer> ids = LinkedHashMap.newLinkedHashMap(json.size());
        json.forEachEntry((token, id) -> {
            if (!id.isInt() || id.asInt() < 0) {
                throw new TokenizerException(file + " numbers the token " + token + " with " + id);
            }
            ids.put(token, id.asInt());
        });
        return ids;
    }

    /// A text of `tokenizer_config.json`; empty if it says nothing.
    Optional<String> string(String name) {
        return config == null ? Optional.empty() : config.path(name).stringValueOpt();
    }

    /// The token that plays this part, a text or an object with "content" and flags; empty if neither file
    /// names one.
    Optional<JsonNode> specialToken(SpecialToken part) {
        return named(config, part).or(() -> named(specialTokens, part));
    }

    private static Optional<JsonNode> named(@Nullable JsonNode settings, SpecialToken part) {
        return settings == null
                ? Optional.empty()
                : Optional.of(settings.path(part.key()))
                        .filter(token -> content(token).isPresent());
    }

    /// The spelling of a token as the two files write it.
    static Optional<String> content(JsonNode token) {
        return token.isObject() ? token.path("content").stringValueOpt() : token.stringValueOpt();
    }

    /// The special tokens that the files name, or that carry their customary names, and that the vocabulary
    /// has.
    Map<SpecialToken, String> specialTokens(TokenizerFile file) {
        Map<SpecialToken, String> found = new EnumMap<>(SpecialToken.class);
        for (SpecialToken part : SpecialToken.values()) {
            Optional<String> token = specialToken(part)
                    .flatMap(TokenizerSettings::content)
                    .filter(name -> file.id(name).isPresent());
            if (token.isEmpty() && part == SpecialToken.UNKNOWN) {
                token = file.unknown();
            }
            if (token.isEmpty()) {
                token = part.customary().stream()
                        .filter(name -> file.id(name).isPresent())
                        .findFirst();
            }
            token.ifPresent(name -> found.put(part, name));
        }
        return found;
    }
}
