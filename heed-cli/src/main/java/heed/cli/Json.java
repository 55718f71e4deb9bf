package heed.cli;

import heed.score.Bootstrap.Interval;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Results as JSON, one value a line.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Json() {}

    static String line(Map<String, ?> value) {
        return MAPPER.writeValueAsString(value);
    }

    /// What a text means as JSON, or the text itself where it is none.
    static Object valueOrText(String text) {
        try {
            Object value = MAPPER.readValue(text, Object.class);
            return value == null ? text : value;
        } catch (JacksonException _) {
            return text;
        }
    }

    /// JSON has no NaN.
    static @Nullable Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }

    static List<Double> interval(Interval interval) {
        return List.of(interval.low(), interval.high());
    }

    static String line(Iterable<?> value) {
        return MAPPER.writeValueAsString(value);
    }
}
