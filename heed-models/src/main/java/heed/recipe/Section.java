package heed.recipe;

import heed.hub.Spelling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/// A mapping in a recipe. Each value is asked for by name and type; a key that nobody asked for is an error
/// that names the nearest one that is known.
final class Section {
    private final String file;
    private final String path;
    private final Map<String, Object> values;
    private final Set<String> known = new LinkedHashSet<>();
    private final Map<String, Section> parts = new LinkedHashMap<>();

    private Section(String file, String path, Map<String, Object> values) {
        this.file = file;
        this.path = path;
        this.values = values;
    }

    /// @throws RecipeException when the file is missing or is no mapping in YAML
    static Section read(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            Object root = new Yaml(new SafeConstructor(new LoaderOptions()))
                    .load(Files.readString(file, StandardCharsets.UTF_8));
            return new Section(name, "", mapping(name, "", root));
        } catch (IOException e) {
            throw new RecipeException("cannot read the recipe " + file + ": " + e.getMessage(), e);
        } catch (MarkedYAMLException e) {
            String place = e.getProblemMark() == null
                    ? ""
                    : ", line " + (e.getProblemMark().getLine() + 1);
            throw new RecipeException(name + place + " is no YAML: " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new RecipeException(name + " is no YAML: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> mapping(String file, String path, @Nullable Object node) {
        Map<String, Object> values = new TreeMap<>();
        if (node == null) {
            return values;
        }
        if (!(node instanceof Map<?, ?> map)) {
            throw new RecipeException(file + (path.isEmpty() ? "" : ": " + path)
                    + " must be a mapping of keys to values, such as 'steps: 2000'");
        }
        map.forEach((key, value) -> {
            if (value != null) {
                values.put(String.valueOf(key), value);
            }
        });
        return values;
    }

    /// A mapping inside this one; an empty one if it is not there.
    Section part(String key) {
        known.add(key);
        return parts.computeIfAbsent(key, _ -> new Section(file, join(key), mapping(file, join(key), values.get(key))));
    }

    /// Whether a key has a mapping, where it may have something else.
    boolean holdsPart(String key) {
        return values.get(key) instanceof Map;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    String text(String key, @Nullable String otherwise) {
        Object value = value(key, otherwise);
        if (value instanceof Map || value instanceof Iterable) {
            throw refuse(key, "a text", value);
        }
        return String.valueOf(value);
    }

    long whole(String key, @Nullable Long otherwise, long least) {
        Object value = value(key, otherwise);
        if (!(value instanceof Integer || value instanceof Long) || ((Number) value).longValue() < least) {
            throw refuse(key, "a whole number of at least " + least, value);
        }
        return ((Number) value).longValue();
    }

    /// A whole number that need not be said.
    OptionalLong whole(String key, long least) {
        known.add(key);
        return values.containsKey(key) ? OptionalLong.of(whole(key, null, least)) : OptionalLong.empty();
    }

    /// One of some words, in small letters.
    String choice(String key, String otherwise, String... choices) {
        String said = text(key, otherwise).toLowerCase(Locale.ROOT);
        if (!List.of(choices).contains(said)) {
            int last = choices.length - 1;
            String others = String.join(", ", Arrays.copyOf(choices, last));
            throw refuse(key, others + " or " + choices[last], said);
        }
        return said;
    }

    /// Some words, or one.
    List<String> texts(String key, List<String> otherwise) {
        Object value = value(key, otherwise);
        if (value instanceof Map) {
            throw refuse(key, "a list", value);
        }
        return value instanceof Iterable<?> list
                ? StreamSupport.stream(list.spliterator(), false)
                        .map(String::valueOf)
                        .toList()
                : List.of(String.valueOf(value));
    }

    /// A mapping of words to words, in the order of the file; empty if it is not there.
    Map<String, String> names(String key) {
        known.add(key);
        Map<String, String> names = new LinkedHashMap<>();
        Object value = values.get(key);
        if (value == null) {
            return names;
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw refuse(key, "a mapping such as {0: negative, 1: positive}", value);
        }
        map.forEach((from, to) -> names.put(String.valueOf(from), String.valueOf(to)));
        return names;
    }

    boolean flag(String key, boolean otherwise) {
        Object value = value(key, otherwise);
        if (!(value instanceof Boolean flag)) {
            throw refuse(key, "true or false", value);
        }
        return flag;
    }

    int integer(String key, @Nullable Integer otherwise, int least) {
        long value = whole(key, otherwise == null ? null : otherwise.longValue(), least);
        if (value > Integer.MAX_VALUE) {
            throw refuse(key, "a whole number of at most " + Integer.MAX_VALUE, value);
        }
        return (int) value;
    }

    /// @param bound the value must lie below it
    double number(String key, @Nullable Double otherwise, double least, double bound) {
        Object value = value(key, otherwise);
        double number = value instanceof Number given ? given.doubleValue() : parsed(value);
        if (!(number >= least && number < bound)) {
            String range = bound == Double.POSITIVE_INFINITY ? "" : " and below " + bound;
            throw refuse(key, "a number of at least " + least + range, value);
        }
        return number;
    }

    /// YAML 1.1 reads `1e-3` as a text.
    private static double parsed(Object value) {
        try {
            return Double.parseDouble(String.valueOf(value));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private Object value(String key, @Nullable Object otherwise) {
        known.add(key);
        Object value = values.containsKey(key) ? values.get(key) : otherwise;
        if (value == null) {
            throw missing(key);
        }
        return value;
    }

    RecipeException missing(String key) {
        return new RecipeException(file + ": " + join(key) + " is missing");
    }

    RecipeException refuse(String key, String expected, Object actual) {
        return new RecipeException(file + ": " + join(key) + " must be " + expected + ", got '" + actual + "'");
    }

    /// @throws RecipeException when there is a key that nobody asked for
    void requireKnown() {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new RecipeException(file + ": " + join(key) + " is no key of a recipe" + nearest(key));
            }
        }
        parts.values().forEach(Section::requireKnown);
    }

    private String nearest(String key) {
        return Spelling.nearest(key, known, Math.max(3, key.length() / 2 + 1))
                .map(best -> "; did you mean '" + join(best) + "'?")
                .orElse("; keys there are: " + String.join(", ", known));
    }

    private String join(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
