package heed.cli;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Results as JSON, one value a line.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Json() {}

    static String line(Map<String, ?> value) {
        return MAPPER.writeValueAsString(value);
    }

    static String line(Iterable<?> value) {
        return MAPPER.writeValueAsString(value);
    }
}
