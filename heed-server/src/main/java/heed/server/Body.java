package heed.server;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// An object in JSON that came with a request, read key by key; a key of the wrong kind is refused by name.
///
/// @param path of the object within the body, for messages
record Body(JsonNode node, String path) {
    private static final int MOST_BYTES = 1 << 20;

    /// @throws Refusal when there is none, it is too large, or it is no object
    static Body of(ServerRequest request) {
        String type =
                request.headers().first(HeaderNames.CONTENT_TYPE).orElse("").toLowerCase(Locale.ROOT);
        if (!type.startsWith("application/json")) { // a form of a foreign page cannot send this
            throw Refusal.malformed("send JSON, with Content-Type: application/json");
        }
        try (InputStream in = request.content().inputStream()) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw Refusal.large("the request is larger than 1 MB");
            }
            JsonNode node = Answers.JSON.readTree(bytes);
            if (node == null || !node.isObject()) {
                throw Refusal.malformed("the request is not a JSON object");
            }
            return new Body(node, "");
        } catch (JacksonException e) {
            throw Refusal.malformed("the request is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(String key) {
        return node.hasNonNull(key);
    }

    /// @throws Refusal when it is missing
    String text(String key) {
        String value = textOrNull(key);
        if (value == null) {
            throw Refusal.malformed("'" + path + key + "' is missing");
        }
        return value;
    }

    @Nullable
    String textOrNull(String key) {
        JsonNode value = node.get(key);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw Refusal.malformed("'" + path + key + "' is not a text");
        }
        return value.stringValue();
    }

    int number(String key, int usual) {
        JsonNode value = node.get(key);
        if (value == null || value.isNull()) {
            return usual;
        }
        return whole(value, key);
    }

    private int whole(JsonNode value, String key) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw Refusal.malformed("'" + path + key + "' is not a whole number");
        }
        return value.intValue();
    }

    boolean flag(String key, boolean usual) {
        JsonNode value = node.get(key);
        if (value == null || value.isNull()) {
            return usual;
        }
        if (!value.isBoolean()) {
            throw Refusal.malformed("'" + path + key + "' is neither true nor false");
        }
        return value.booleanValue();
    }

    List<Integer> numbers(String key) {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode value : list(key)) {
            numbers.add(whole(value, key));
        }
        return numbers;
    }

    /// An object; an empty one where the key is missing.
    Body object(String key) {
        JsonNode value = node.get(key);
        if (value == null || value.isNull()) {
            return new Body(Answers.JSON.createObjectNode(), path + key + ".");
        }
        if (!value.isObject()) {
            throw Refusal.malformed("'" + path + key + "' is not an object");
        }
        return new Body(value, path + key + ".");
    }

    List<Body> objects(String key) {
        List<Body> objects = new ArrayList<>();
        for (JsonNode value : list(key)) {
            if (!value.isObject()) {
                throw Refusal.malformed("'" + path + key + "' is not a list of objects");
            }
            objects.add(new Body(value, path + key + "[" + objects.size() + "]."));
        }
        return objects;
    }

    private Iterable<JsonNode> list(String key) {
        JsonNode value = node.get(key);
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            throw Refusal.malformed("'" + path + key + "' is not a list");
        }
        return value;
    }
}
