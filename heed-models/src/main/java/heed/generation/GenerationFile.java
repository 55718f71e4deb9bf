package heed.generation;

import heed.checkpoint.Gguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `generation_config.json`, read key by key. No key is needed; one that is null counts as missing, one that
/// makes no sense is named in the refusal.
final class GenerationFile {
    private static final long MOST_BYTES = 16 << 20;

    private final Path path;
    private final JsonNode root;

    private GenerationFile(Path path, JsonNode root) {
        this.path = path;
        this.root = root;
    }

    /// The file of a model folder; `config.json` where there is none, which older models keep the same keys in.
    /// A GGUF file says them of itself.
    ///
    /// @return null when there is neither
    /// @throws IllegalArgumentException when it cannot be read
    static @Nullable GenerationFile read(Path folder) {
        Optional<Path> gguf = Gguf.at(folder);
        if (gguf.isPresent()) {
            return new GenerationFile(gguf.get(), JsonMapper.shared().readTree(Gguf.config(gguf.get())));
        }
        for (String name : List.of("generation_config.json", "config.json")) {
            Path path = folder.resolve(name);
            if (Files.isRegularFile(path)) {
                return new GenerationFile(path, json(path));
            }
        }
        return null;
    }

    private static JsonNode json(Path path) {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw new IllegalArgumentException(path + " has " + Files.size(path) + " bytes, which is no settings");
            }
            JsonNode root = JsonMapper.shared().readTree(Files.readAllBytes(path));
            if (!root.isObject()) {
                throw new IllegalArgumentException(path + " holds no JSON object");
            }
            return root;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    path + " is not valid JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse("no reason given"),
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    IllegalArgumentException refuse(String reason) {
        return new IllegalArgumentException(path + ": " + reason);
    }

    @Nullable
    Integer whole(String key) {
        JsonNode node = value(key);
        if (node == null) {
            return null;
        }
        return whole(key, node);
    }

    private int whole(String key, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw refuse(key + " should be a whole number, it is " + node);
        }
        return node.asInt();
    }

    @Nullable
    Double real(String key) {
        JsonNode node = value(key);
        if (node != null && !node.isNumber()) {
            throw refuse(key + " should be a number, it is " + node);
        }
        return node == null ? null : node.asDouble();
    }

    /// A token or a list of them.
    @Nullable
    List<Integer> ids(String key) {
        JsonNode node = value(key);
        return node == null ? null : ids(key, node);
    }

    private List<Integer> ids(String key, JsonNode node) {
        return node.isArray() ? node.valueStream().map(id -> whole(key, id)).toList() : List.of(whole(key, node));
    }

    /// A list of lists of tokens.
    @Nullable
    List<List<Integer>> words(String key) {
        JsonNode node = value(key);
        if (node == null) {
            return null;
        }
        if (!node.isArray()) {
            throw refuse(key + " should be a list of lists, it is " + node);
        }
        return node.valueStream().map(word -> ids(key, word)).toList();
    }

    @Nullable
    EarlyStopping earlyStopping(String key) {
        JsonNode node = value(key);
        if (node == null) {
            return null;
        }
        if (node.isBoolean()) {
            return node.asBoolean() ? EarlyStopping.WHEN_FULL : EarlyStopping.HEURISTIC;
        }
        if (node.isString() && node.asString().equals("never")) {
            return EarlyStopping.NEVER;
        }
        throw refuse(key + " should be true, false or \"never\", it is " + node);
    }

    /// @throws IllegalArgumentException when a key says something that would change what is generated and that
    /// is not supported
    void requireNeutral(String key, String... neutral) {
        JsonNode node = value(key);
        if (node != null && List.of(neutral).stream().noneMatch(node.toString()::equals)) {
            throw refuse(key + " " + node + " is not supported");
        }
    }

    private @Nullable JsonNode value(String key) {
        JsonNode node = root.get(key);
        return node == null || node.isNull() ? null : node;
    }
}
