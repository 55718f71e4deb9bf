package heed.checkpoint;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a GGUF file says about itself, key by key: sizes, constants, the vocabulary.
public final class GgufMetadata {
    private final String file;
    private final Map<String, Object> values;

    /// @param file what to call the file in messages
    /// @param values a Long, Double, Boolean, String, or a list of one of these, by key
    GgufMetadata(String file, Map<String, Object> values) {
        this.file = file;
        this.values = Collections.unmodifiableMap(values);
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /// The architecture, such as `llama`, with which the keys of its sizes begin.
    public String architecture() {
        return text("general.architecture").orElseThrow(() -> refusal("general.architecture is missing"));
    }

    public Optional<String> text(String key) {
        return Optional.ofNullable(as(String.class, key, "a text"));
    }

    public Optional<Boolean> flag(String key) {
        return Optional.ofNullable(as(Boolean.class, key, "true or false"));
    }

    /// A whole number. Where a file has one for each layer and they are all the same, that one.
    public Optional<Integer> whole(String key) {
        Object value = values.get(key);
        if (value instanceof List<?> perLayer
                && !perLayer.isEmpty()
                && Collections.frequency(perLayer, perLayer.getFirst()) == perLayer.size()) {
            value = perLayer.getFirst();
        } else if (value instanceof List<?>) {
            throw refusal(key + " differs between the layers, which is not computed here");
        }
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Long number) || number < 0 || number > Integer.MAX_VALUE) {
            throw refusal(key + " is " + shown(value) + ", a whole number was expected");
        }
        return Optional.of(number.intValue());
    }

    public int requiredWhole(String key) {
        return whole(key).orElseThrow(() -> refusal(key + " is missing"));
    }

    public Optional<Double> real(String key) {
        Object value = values.get(key);
        return switch (value) {
            case null -> Optional.empty();
            case Double real -> Optional.of(real);
            case Long whole -> Optional.of((double) whole);
            default -> throw refusal(key + " is " + shown(value) + ", a number was expected");
        };
    }

    public List<String> texts(String key) {
        return list(String.class, key);
    }

    public List<Long> wholes(String key) {
        return list(Long.class, key);
    }

    public List<Double> reals(String key) {
        return list(Double.class, key);
    }

    private <T> @Nullable T as(Class<T> type, String key, String expected) {
        Object value = values.get(key);
        if (value != null && !type.isInstance(value)) {
            throw refusal(key + " is " + shown(value) + ", " + expected + " was expected");
        }
        return type.cast(value);
    }

    private <T> List<T> list(Class<T> type, String key) {
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list) || !list.stream().allMatch(type::isInstance)) {
            throw refusal(key + " is no list of " + type.getSimpleName());
        }
        return list.stream().map(type::cast).toList();
    }

    private static String shown(Object value) {
        return value instanceof List<?> list ? "a list of " + list.size() : Quoted.of(value.toString());
    }

    /// A refusal of the file, for the given reason.
    public CheckpointException refusal(String reason) {
        return new CheckpointException(file + ": " + reason);
    }
}
