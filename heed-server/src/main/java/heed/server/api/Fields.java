package heed.server.api;

import heed.serving.NotServed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An object in JSON, read key by key; what is of the wrong kind is refused by name. Every text is well-formed:
/// half of a surrogate pair, which is no character, comes as U+FFFD.
///
/// @param path of the object within the request, for messages
public record Fields(JsonNode node, String path) {
    @Nullable
    JsonNode nodeOrNull(String key) {
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : value;
    }

    public boolean has(String key) {
        return nodeOrNull(key) != null;
    }

    /// @throws NotServed when it is missing
    JsonNode node(String key) {
        return required(key, nodeOrNull(key));
    }

    private <T> T required(String key, @Nullable T value) {
        if (value == null) {
            throw NotServed.invalid("'" + path + key + "' is missing");
        }
        return value;
    }

    NotServed wrong(String key, String expected) {
        return NotServed.invalid("'" + path + key + "' is not " + expected);
    }

    private <T> @Nullable T read(String key, String expected, Function<JsonNode, @Nullable T> reader) {
        JsonNode value = nodeOrNull(key);
        if (value == null) {
            return null;
        }
        T read = reader.apply(value);
        if (read == null) {
            throw wrong(key, expected);
        }
        return read;
    }

    public String text(String key) {
        return required(key, textOrNull(key));
    }

    public @Nullable String textOrNull(String key) {
        return read(key, "a text", value -> value.isString() ? wellFormed(value.stringValue()) : null);
    }

    @Nullable
    Integer wholeOrNull(String key) {
        return read(key, "a whole number", Fields::whole);
    }

    public int whole(String key, int usual) {
        Integer value = wholeOrNull(key);
        return value == null ? usual : value;
    }

    static @Nullable Integer whole(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt() ? value.intValue() : null;
    }

    @Nullable
    Double decimalOrNull(String key) {
        return read(key, "a number", value -> value.isNumber() ? (Double) value.doubleValue() : null);
    }

    public boolean flag(String key, boolean usual) {
        Boolean value = read(
                key, "true or false", candidate -> candidate.isBoolean() ? (Boolean) candidate.booleanValue() : null);
        return value == null ? usual : value;
    }

    /// An object; an empty one where the key is missing.
    public Fields object(String key) {
        JsonNode value = nodeOrNull(key);
        if (value == null) {
            return new Fields(ApiRequest.JSON.createObjectNode(), path + key + ".");
        }
        if (!value.isObject()) {
            throw wrong(key, "an object");
        }
        return new Fields(value, path + key + ".");
    }

    public List<Fields> objects(String key) {
        List<Fields> objects = new ArrayList<>();
        for (JsonNode value : list(key)) {
            if (!value.isObject()) {
                throw wrong(key, "a list of objects");
            }
            objects.add(new Fields(value, path + key + "[" + objects.size() + "]."));
        }
        return objects;
    }

    private JsonNode list(String key) {
        JsonNode value = nodeOrNull(key);
        if (value == null) {
            return ApiRequest.JSON.createArrayNode();
        }
        if (!value.isArray()) {
            throw wrong(key, "a list");
        }
        return value;
    }

    /// One text, or a list of them.
    ///
    /// @throws NotServed when it is missing, something else, or an empty list
    List<String> texts(String key) {
        JsonNode value = node(key);
        if (value.isString()) {
            return List.of(wellFormed(value.stringValue()));
        }
        return listOfTexts(key, value);
    }

    /// A list of texts, at least one.
    List<String> textList(String key) {
        return listOfTexts(key, node(key));
    }

    private List<String> listOfTexts(String key, JsonNode value) {
        if (!value.isArray() || value.isEmpty()) {
            throw wrong(key, value.isArray() ? "a list with anything in it" : "a list of texts");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode one : value) {
            if (!one.isString()) {
                throw NotServed.invalid("'" + path + key + "[" + texts.size() + "]' is not a text");
            }
            texts.add(wellFormed(one.stringValue()));
        }
        return texts;
    }

    /// Whole numbers; none where the key is missing.
    public List<Integer> integers(String key) {
        List<Integer> integers = new ArrayList<>();
        for (JsonNode value : list(key)) {
            Integer integer = whole(value);
            if (integer == null) {
                throw wrong(key, "a whole number");
            }
            integers.add(integer);
        }
        return integers;
    }

    /// A list of numbers of tokens.
    int[] tokens(String key, JsonNode value) {
        int[] ids = new int[value.size()];
        for (int i = 0; i < ids.length; i++) {
            Integer id = whole(value.get(i));
            if (id == null) {
                throw wrong(key, "a list of token ids");
            }
            ids[i] = id;
        }
        return ids;
    }

    static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return withoutHalves(text);
            }
        }
        return text;
    }

    private static String withoutHalves(String text) {
        StringBuilder whole = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point <= Character.MAX_VALUE && Character.isSurrogate((char) point) ? 0xFFFD : point)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }
}
