package heed.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/// The values of a file, one a line: whole lines, a column of a table with tabs between (`FILE#2`, or
/// `FILE#name` where the first line has names), or a field of JSON objects (`FILE#labels.spam`).
final class ScoreFile {
    private final String name;
    private final List<JsonNode> values;
    private final int firstLine;

    private ScoreFile(String name, List<JsonNode> values, int firstLine) {
        this.name = name;
        this.values = values;
        this.firstLine = firstLine;
    }

    /// @param argument a path or `-` for standard input, with `#` and a field behind it or without
    /// @throws IllegalArgumentException when it cannot be read as that, in one line
    static ScoreFile read(String argument) throws IOException {
        int cut = Files.exists(Path.of(argument)) ? -1 : argument.lastIndexOf('#');
        String file = cut < 0 ? argument : argument.substring(0, cut);
        String field = cut < 0 ? null : argument.substring(cut + 1);
        String all = Lines.all(file);
        List<String> lines =
                (all.startsWith("\uFEFF") ? all.substring(1) : all).lines().toList();
        String name = Lines.named(file);
        if (lines.isEmpty()) {
            throw new IllegalArgumentException(name + " is empty");
        }
        boolean json = lines.getFirst().stripLeading().startsWith("{");
        if (field == null) {
            requireLines(file, json, lines.getFirst());
            return new ScoreFile(name, lines.stream().map(ScoreFile::line).toList(), 1);
        }
        return json ? ofJson(name, lines, field) : ofTable(name, lines, field);
    }

    private static JsonNode line(String line) {
        return StringNode.valueOf(line.stripTrailing());
    }

    private static void requireLines(String file, boolean json, String first) {
        if (json && file.matches(".*\\.(jsonl|ndjson|json)")) {
            throw new IllegalArgumentException(
                    file + " has objects: say which field, as in " + file + "#" + fields(parse(file, 1, first)));
        }
        if (file.matches(".*\\.(tsv|tab)")) {
            throw new IllegalArgumentException(file + " has columns: say which, as in " + file + "#1, or " + file
                    + "#name where the first line has names");
        }
    }

    private static String fields(JsonNode node) {
        return node.isObject() ? String.join(" or #", node.propertyNames()) : "field";
    }

    private static ScoreFile ofJson(String name, List<String> lines, String field) {
        List<JsonNode> values = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode object = parse(name, i + 1, lines.get(i));
            JsonNode value = at(object, field);
            if (value == null || value.isNull()) {
                throw new IllegalArgumentException(name + ", line " + (i + 1) + " has no field '" + field + "'"
                        + (object.isObject() ? ", only " + String.join(", ", object.propertyNames()) : ""));
            }
            values.add(value);
        }
        return new ScoreFile(name, values, 1);
    }

    /// The field of this name, or the one that its parts between dots lead to.
    private static @Nullable JsonNode at(JsonNode object, String field) {
        if (object.has(field)) {
            return object.get(field);
        }
        int dot = field.indexOf('.');
        JsonNode inner = dot < 0 ? null : object.get(field.substring(0, dot));
        return inner == null ? null : at(inner, field.substring(dot + 1));
    }

    private static JsonNode parse(String name, int number, String line) {
        try {
            return JsonMapper.shared().readTree(line);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(name + ", line " + number + " is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static ScoreFile ofTable(String name, List<String> lines, String field) {
        boolean numbered = field.matches("[1-9][0-9]{0,5}");
        int column = numbered
                ? Integer.parseInt(field) - 1
                : Arrays.asList(lines.getFirst().split("\t", -1)).indexOf(field);
        if (column < 0) {
            throw new IllegalArgumentException(name + " has no column '" + field + "': its first line has "
                    + String.join(", ", lines.getFirst().split("\t", -1)));
        }
        int first = numbered ? 1 : 2;
        List<JsonNode> values = new ArrayList<>();
        for (int i = first - 1; i < lines.size(); i++) {
            String[] cells = lines.get(i).split("\t", -1);
            if (column >= cells.length) {
                throw new IllegalArgumentException(name + ", line " + (i + 1) + " has " + cells.length
                        + " columns, column " + (column + 1) + " is asked for");
            }
            values.add(StringNode.valueOf(cells[column]));
        }
        if (values.isEmpty()) {
            throw new IllegalArgumentException(name + " has names of columns and no lines");
        }
        return new ScoreFile(name, values, first);
    }

    String name() {
        return name;
    }

    int size() {
        return values.size();
    }

    /// @throws IllegalArgumentException when the other has more or fewer lines
    void requireSameSize(ScoreFile other) {
        if (size() != other.size()) {
            throw new IllegalArgumentException(
                    name + " has " + size() + " lines, " + other.name + " has " + other.size());
        }
    }

    private IllegalArgumentException refuse(int i, String reason) {
        return new IllegalArgumentException(name + ", line " + (firstLine + i) + " " + reason);
    }

    List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            JsonNode value = values.get(i);
            if (value.isContainer()) {
                throw refuse(i, "is no text but " + value);
            }
            texts.add(value.asString());
        }
        return texts;
    }

    /// One label a line; of objects from labels to scores the label with the highest.
    List<String> labels() {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            JsonNode value = values.get(i);
            String label = value.isObject()
                    ? best(i, value)
                    : value.isArray() ? "" : value.asString().strip();
            if (label.isEmpty()) {
                throw refuse(i, "has no label" + (value.isArray() ? " but a list; see --multi-label" : ""));
            }
            labels.add(label);
        }
        return labels;
    }

    private String best(int i, JsonNode scores) {
        String best = "";
        double highest = Double.NEGATIVE_INFINITY;
        for (String label : scores.propertyNames()) {
            double score = number(i, scores.path(label));
            if (score > highest) {
                highest = score;
                best = label;
            }
        }
        return best;
    }

    /// Any number of labels a line: with commas between, a list, or those of an object that reach the
    /// threshold.
    List<Set<String>> labelSets(double threshold) {
        List<Set<String>> sets = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            JsonNode value = values.get(i);
            Set<String> labels = new TreeSet<>();
            if (value.isObject()) {
                for (String label : value.propertyNames()) {
                    if (number(i, value.path(label)) >= threshold) {
                        labels.add(label);
                    }
                }
            } else if (value.isArray()) {
                value.forEach(label -> labels.add(label.asString()));
            } else {
                Arrays.stream(value.asString().split(","))
                        .map(String::strip)
                        .filter(label -> !label.isEmpty())
                        .forEach(labels::add);
            }
            sets.add(labels);
        }
        return sets;
    }

    /// The labels that lines with objects give scores to; none where lines are numbers.
    Set<String> scoredLabels() {
        Set<String> labels = new TreeSet<>();
        values.stream().filter(JsonNode::isObject).forEach(value -> labels.addAll(value.propertyNames()));
        return labels;
    }

    /// One number a line.
    ///
    /// @param label whose score is meant where lines are objects
    double[] numbers(@Nullable String label) {
        double[] numbers = new double[size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonNode value = values.get(i);
            if (value.isObject() && label != null && !value.has(label)) {
                throw refuse(i, "has no score for '" + label + "', only " + String.join(", ", value.propertyNames()));
            }
            numbers[i] = number(i, value.isObject() && label != null ? value.path(label) : value);
        }
        return numbers;
    }

    private double number(int i, JsonNode value) {
        double number;
        try {
            number = value.isNumber()
                    ? value.asDouble()
                    : Double.parseDouble(value.asString("").strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    refuse(i, "is no number but " + value).getMessage(), e);
        }
        if (!Double.isFinite(number)) {
            throw refuse(i, "is no finite number but " + value);
        }
        return number;
    }
}
