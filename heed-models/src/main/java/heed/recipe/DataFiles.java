package heed.recipe;

import heed.hub.Progress;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/// Records in files: JSON lines (`.jsonl`), a JSON list (`.json`), or tables whose first line names the columns
/// (`.csv`, `.tsv`).
///
/// @param origin the npm package that the files are in; null for files on disk
/// @param files names, relative to the recipe or in the package; in a package `*` stands for any characters
record DataFiles(
        @Nullable NpmPackage origin,
        List<String> files,
        @Nullable Path folder) {
    /// @param place where it stands, for messages
    record Row(String place, Map<String, JsonNode> values) {
        /// @throws RecipeException when there is no such field
        JsonNode value(String field) {
            JsonNode value = values.get(field);
            if (value == null || value.isNull()) {
                throw new RecipeException(
                        place + " has no field '" + field + "'; its fields are " + String.join(", ", values.keySet()));
            }
            return value;
        }
    }

    /// Reads `file`, or `npm` and `files`.
    ///
    /// @param folder of the recipe
    static DataFiles read(Section section, @Nullable Path folder) {
        return section.has("npm")
                ? new DataFiles(
                        NpmPackage.parse(section.text("npm", null)), List.of(section.text("files", null)), folder)
                : new DataFiles(null, section.texts("file", List.of()), folder);
    }

    /// @throws RecipeException when a file cannot be had or read, naming the line
    List<Row> rows(Progress progress) {
        List<Row> rows = new ArrayList<>();
        contents(progress).forEach((name, text) -> rows.addAll(parse(name, text)));
        return rows;
    }

    private Map<String, String> contents(Progress progress) {
        if (origin != null) {
            return origin.files(files.getFirst(), progress);
        }
        Map<String, String> contents = new LinkedHashMap<>();
        for (String name : files) {
            Path file = folder == null ? Path.of(name) : folder.resolve(name);
            try {
                contents.put(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
            } catch (CharacterCodingException e) {
                throw new RecipeException("the data " + file + " is not UTF-8", e);
            } catch (IOException e) {
                throw new RecipeException(
                        "cannot read the data " + file + ": "
                                + (Files.exists(file) ? e.getMessage() : "there is no such file"),
                        e);
            }
        }
        return contents;
    }

    private static List<Row> parse(String name, String text) {
        String kind = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (kind) {
            case "jsonl" -> lines(name, text);
            case "json" -> list(name, text);
            case "csv" -> table(name, text, ',');
            case "tsv" -> table(name, text, '\t');
            default -> throw new RecipeException("the data " + name + " must be a .jsonl, .json, .csv or .tsv file");
        };
    }

    private static List<Row> lines(String name, String text) {
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                String place = name + ", line " + number;
                rows.add(row(place, json(place, line)));
            }
        }
        return rows;
    }

    private static List<Row> list(String name, String text) {
        JsonNode root = json(name, text);
        if (!root.isArray()) {
            throw new RecipeException(name + " is no JSON list of objects");
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < root.size(); i++) {
            rows.add(row(name + ", record " + (i + 1), root.get(i)));
        }
        return rows;
    }

    private static JsonNode json(String place, String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            String reason = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new RecipeException(place + " is not valid JSON: " + reason, e);
        }
    }

    private static Row row(String place, JsonNode node) {
        if (!node.isObject()) {
            throw new RecipeException(place + " is no JSON object");
        }
        Map<String, JsonNode> values = new LinkedHashMap<>();
        node.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue()));
        return new Row(place, values);
    }

    private static List<Row> table(String name, String text, char separator) {
        List<SeparatedValues.Line> lines = SeparatedValues.parse(name, text, separator);
        if (lines.isEmpty()) {
            return List.of();
        }
        List<String> columns = lines.getFirst().values();
        List<Row> rows = new ArrayList<>();
        for (SeparatedValues.Line line : lines.subList(1, lines.size())) {
            String place = name + ", line " + line.number();
            if (line.values().size() != columns.size()) {
                throw new RecipeException(place + " has " + line.values().size() + " values, the first line names "
                        + columns.size() + " columns");
            }
            Map<String, JsonNode> values = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                values.put(columns.get(i), StringNode.valueOf(line.values().get(i)));
            }
            rows.add(new Row(place, values));
        }
        return rows;
    }
}
