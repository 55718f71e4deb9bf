package heed.family;

import heed.checkpoint.Gguf;
import heed.kernel.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A model folder's `config.json`, read key by key; a key that is missing or makes no sense is named in the
/// refusal.
final class ConfigFile {
    private static final int MOST_LAYERS = 10_000;

    private static final long MOST_BYTES = 16 << 20;

    private final String place;
    private final JsonNode root;

    private ConfigFile(String place, JsonNode root) {
        this.place = place;
        this.root = root;
    }

    /// @param folder a model's folder, or a GGUF file, which says the same in other words
    static ConfigFile read(Path folder) {
        Optional<Path> gguf = Gguf.at(folder);
        if (gguf.isPresent()) {
            return new ConfigFile(gguf.get().toString(), JsonMapper.shared().readTree(Gguf.config(gguf.get())));
        }
        if (!Files.isDirectory(folder)) {
            throw new ConfigException("there is no model folder " + folder);
        }
        Path path = folder.resolve("config.json");
        if (!Files.isRegularFile(path)) {
            throw new ConfigException(folder + " has no config.json, which says what kind of model it is");
        }
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw new ConfigException(path + " has " + Files.size(path) + " bytes, which is no config.json");
            }
            JsonNode root = JsonMapper.shared().readTree(Files.readAllBytes(path));
            if (!root.isObject()) {
                throw new ConfigException(path + " holds no JSON object");
            }
            return new ConfigFile(path.toString(), root);
        } catch (JacksonException e) {
            throw new ConfigException(path + " is not valid JSON: " + firstLine(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new ConfigException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /// @param place for messages
    static ConfigFile of(String json, String place) {
        return new ConfigFile(place, JsonMapper.shared().readTree(json));
    }

    /// Everything that the file says.
    Map<String, Object> values() {
        return JsonMapper.shared().convertValue(root, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("no reason given");
    }

    ConfigException refuse(String reason) {
        return new ConfigException(place + ": " + reason);
    }

    boolean has(String key) {
        return root.has(key) && !root.get(key).isNull();
    }

    String text(String key) {
        JsonNode node = required(key);
        if (!node.isString()) {
            throw refuse(key + " should be a string, it is " + node);
        }
        return node.asString();
    }

    String text(String key, String otherwise) {
        return has(key) ? text(key) : otherwise;
    }

    /// A whole number of at least 1.
    int positive(String key) {
        JsonNode node = required(key);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < 1) {
            throw refuse(key + " should be a whole number of at least 1, it is " + node);
        }
        return node.asInt();
    }

    /// A number of layers: more than any model has could only fill the memory with names.
    int layers(String key) {
        int layers = positive(key);
        if (layers > MOST_LAYERS) {
            throw refuse(key + " is " + layers + ", at most " + MOST_LAYERS + " are allowed");
        }
        return layers;
    }

    int positive(String key, int otherwise) {
        return has(key) ? positive(key) : otherwise;
    }

    int whole(String key, int otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode node = required(key);
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw refuse(key + " should be a whole number, it is " + node);
        }
        return node.asInt();
    }

    float real(String key, double otherwise) {
        if (!has(key)) {
            return (float) otherwise;
        }
        JsonNode node = required(key);
        if (!node.isNumber()) {
            throw refuse(key + " should be a number, it is " + node);
        }
        return (float) node.asDouble();
    }

    boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode node = required(key);
        if (!node.isBoolean()) {
            throw refuse(key + " should be true or false, it is " + node);
        }
        return node.asBoolean();
    }

    List<String> texts(String key) {
        if (!has(key)) {
            return List.of();
        }
        JsonNode node = required(key);
        if (!node.isArray()) {
            throw refuse(key + " should be a list, it is " + node);
        }
        return node.valueStream().map(JsonNode::asString).toList();
    }

    /// The class names of `id2label` in the order of their ids; `LABEL_0`, `LABEL_1`, … where only `num_labels`
    /// is given, and two classes where nothing is, as Hugging Face counts them.
    List<String> labels() {
        if (!has("id2label")) {
            return IntStream.range(0, whole("num_labels", 2))
                    .mapToObj(i -> "LABEL_" + i)
                    .toList();
        }
        JsonNode node = required("id2label");
        if (!node.isObject()) {
            throw refuse("id2label should map ids to names, it is " + node);
        }
        return IntStream.range(0, node.size())
                .mapToObj(id -> {
                    JsonNode name = node.get(Integer.toString(id));
                    if (name == null) {
                        throw refuse("id2label has " + node.size() + " names but none for id " + id);
                    }
                    return name.asString();
                })
                .toList();
    }

    /// The activation that `key` names.
    Activation activation(String key, String otherwise) {
        return activation(key, text(key, otherwise), text(key, otherwise));
    }

    /// @param name of the activation, which is what `key` says or a part of it
    Activation activation(String key, String name, String said) {
        return switch (name) {
            case "gelu", "gelu_python" -> Activation.GELU;
            case "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_accurate" ->
                Activation.GELU_TANH;
            case "quick_gelu" -> Activation.QUICK_GELU;
            case "relu" -> Activation.RELU;
            case "silu", "swish" -> Activation.SILU;
            case "tanh" -> Activation.TANH;
            default ->
                throw refuse(key + " '" + said
                        + "' is not supported; supported: gelu, gelu_new, gelu_pytorch_tanh, quick_gelu, relu,"
                        + " silu, tanh");
        };
    }

    /// Whether a text may belong to several classes at once.
    boolean multiLabel() {
        return text("problem_type", "").equals("multi_label_classification");
    }

    /// @throws ConfigException when the model is one that Heed knows as an encoder, but is used as a decoder or
    /// with positions other than absolute ones
    void requireEncoder() {
        String positions = text("position_embedding_type", "absolute");
        if (!positions.equals("absolute")) {
            throw refuse("position_embedding_type '" + positions + "' is not supported; supported: absolute");
        }
        for (String key : List.of("is_decoder", "add_cross_attention")) {
            if (flag(key, false)) {
                throw refuse(key + " is true, and " + text("model_type") + " as a decoder is not supported");
            }
        }
    }

    /// @throws ConfigException when a width does not divide into heads
    void requireHeads(String widthKey, int width, String headsKey, int heads) {
        if (width % heads != 0) {
            throw refuse(widthKey + " " + width + " does not divide into " + headsKey + " " + heads);
        }
    }

    double number(String key) {
        JsonNode node = required(key);
        if (!node.isNumber()) {
            throw refuse(key + " should be a number, it is " + node);
        }
        return node.asDouble();
    }

    double number(String key, double otherwise) {
        return has(key) ? number(key) : otherwise;
    }

    /// A list of numbers above 0.
    List<Float> numbers(String key) {
        JsonNode node = required(key);
        if (!node.isArray() || !node.valueStream().allMatch(number -> number.isNumber() && number.asDouble() > 0)) {
            throw refuse(key + " should be a list of numbers above 0, it is " + node);
        }
        return node.valueStream().map(number -> (float) number.asDouble()).toList();
    }

    /// An object inside this one, empty when it is not there.
    ConfigFile section(String key) {
        JsonNode node = has(key) ? required(key) : JsonMapper.shared().createObjectNode();
        if (!node.isObject()) {
            throw refuse(key + " should be an object, it is " + node);
        }
        return new ConfigFile(place + ": " + key, node);
    }

    /// Whether an object or list is there and has something in it.
    boolean filled(String key) {
        return has(key) && !required(key).isEmpty();
    }

    /// Refuses a switch that would change what is computed.
    void requireFalse(String key, String reason) {
        if (flag(key, false)) {
            throw refuse(key + " is true, and " + reason);
        }
    }

    /// Refuses a number that would change what is computed.
    void requireNumber(String key, double expected, String reason) {
        if (number(key, expected) != expected) {
            throw refuse(key + " is " + number(key) + ", and " + reason);
        }
    }

    /// Refuses an object or list that would change what is computed.
    void requireEmpty(String key, String reason) {
        if (filled(key)) {
            throw refuse(key + " is given, and " + reason);
        }
    }

    private JsonNode required(String key) {
        JsonNode node = root.get(key);
        if (node == null || node.isNull()) {
            throw refuse(key + " is missing");
        }
        return node;
    }
}
