package heed.moderation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/// Which scores have which consequences.
///
/// ```yaml
/// version: 2026-11-22
/// mode: shadow              # says what it would do, and allows everything; enforce does it
/// window: 256               # tokens of a long comment that are scored at once; as many as the model takes without it
/// categories:
///   toxicity:
///     label: toxic          # of the model; the name of the category where it is not said
///     review: 0.60          # from this score on somebody looks at it
///     block: 0.98           # from this one on nobody needs to; without it nothing is blocked unseen
///     languages:
///       de: {review: 0.50}
/// ```
///
/// @param version what records say they were decided by
/// @param shadow whether everything is allowed whatever the scores, which are told all the same
/// @param window the most tokens that are scored at once, which the thresholds were found with; 0 for as many
/// as the model takes
/// @param categories by name, in the order of the file
public record Policy(String version, boolean shadow, int window, SequencedMap<String, Category> categories) {
    /// From which scores on a comment is looked at and blocked.
    ///
    /// @param block null where nothing is blocked unseen
    public record Thresholds(double review, @Nullable Double block) {
        Action of(double score) {
            if (block != null && score >= block) {
                return Action.BLOCK;
            }
            return score >= review ? Action.REVIEW : Action.ALLOW;
        }
    }

    /// One kind of comment that is not wanted.
    ///
    /// @param label of the model
    /// @param languages thresholds that differ for comments in some languages
    public record Category(String label, Thresholds usual, Map<String, Thresholds> languages) {
        public Thresholds in(@Nullable String language) {
            return language == null ? usual : languages.getOrDefault(language, usual);
        }
    }

    public Policy {
        categories = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(categories));
    }

    /// @throws ModerationException when it cannot be read or contradicts itself, with the place
    public static Policy read(Path file) {
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8), String.valueOf(file.getFileName()));
        } catch (IOException e) {
            throw new ModerationException("cannot read the policy " + file + ": " + e.getMessage(), e);
        }
    }

    /// @param place names the text in messages
    /// @throws ModerationException when it is no policy or contradicts itself
    public static Policy parse(String yaml, String place) {
        try {
            Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            return new Reader(place).policy(root);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new ModerationException(place + ", line " + line + " is no YAML: " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new ModerationException(place + " is no YAML: " + e.getMessage(), e);
        }
    }

    /// @throws ModerationException when a category stands for a label that the model does not have
    public Policy requireLabels(List<String> labels) {
        categories.forEach((name, category) -> {
            if (!labels.contains(category.label)) {
                throw new ModerationException("the policy's category '" + name + "' stands for the label '"
                        + category.label + "', the model has " + String.join(", ", labels));
            }
        });
        return this;
    }

    /// Reads what a file says, and refuses what it does not know.
    private record Reader(String place) {
        Policy policy(@Nullable Object root) {
            Map<?, ?> fields = mapping("the policy", root, Set.of("version", "mode", "window", "categories"));
            Object version = fields.get("version");
            if (version == null || String.valueOf(version).isBlank()) {
                throw wrong("version", "is missing: records name the policy that decided by it");
            }
            String mode = String.valueOf(fields.get("mode") == null ? "enforce" : fields.get("mode"));
            if (!mode.equals("enforce") && !mode.equals("shadow")) {
                throw wrong("mode", "is enforce or shadow, not '" + mode + "'");
            }
            SequencedMap<String, Category> categories = new LinkedHashMap<>();
            mapping("categories", fields.get("categories"), null)
                    .forEach((name, value) ->
                            categories.put(String.valueOf(name), category(String.valueOf(name), value)));
            if (categories.isEmpty()) {
                throw wrong("categories", "is missing or empty: nothing would be judged");
            }
            return new Policy(text(version), mode.equals("shadow"), window(fields.get("window")), categories);
        }

        private int window(@Nullable Object value) {
            if (value == null) {
                return 0;
            }
            if (value instanceof Integer tokens && tokens > 0) {
                return tokens;
            }
            throw wrong("window", "is a number of tokens, not '" + value + "'");
        }

        /// A date without quotes is a date to YAML.
        private static String text(Object value) {
            return value instanceof java.util.Date date
                    ? date.toInstant().toString().replace("T00:00:00Z", "")
                    : String.valueOf(value);
        }

        private Category category(String name, @Nullable Object value) {
            String path = "categories." + name;
            Map<?, ?> fields = mapping(path, value, Set.of("label", "review", "block", "languages"));
            Thresholds usual = thresholds(path, fields, null);
            Map<String, Thresholds> languages = new LinkedHashMap<>();
            if (fields.get("languages") != null) {
                mapping(path + ".languages", fields.get("languages"), null)
                        .forEach((language, one) -> languages.put(
                                String.valueOf(language),
                                thresholds(
                                        path + ".languages." + language,
                                        mapping(path + ".languages." + language, one, Set.of("review", "block")),
                                        usual)));
            }
            Object label = fields.get("label");
            return new Category(label == null ? name : String.valueOf(label), usual, Map.copyOf(languages));
        }

        private Thresholds thresholds(String path, Map<?, ?> fields, @Nullable Thresholds usual) {
            Double review = number(path + ".review", fields.get("review"));
            Double block = number(path + ".block", fields.get("block"));
            if (usual != null) {
                review = review == null ? (Double) usual.review : review;
                block = block == null ? usual.block : block;
            }
            if (review == null) {
                review = block;
            }
            if (review == null) {
                throw wrong(path, "has neither a threshold for review nor one for block");
            }
            if (block != null && block < review) {
                throw wrong(
                        path,
                        "blocks from " + block + " on and reviews from " + review
                                + " on: nothing would ever be reviewed");
            }
            return new Thresholds(review, block);
        }

        private @Nullable Double number(String path, @Nullable Object value) {
            if (value == null) {
                return null;
            }
            double number = value instanceof Number given ? given.doubleValue() : Double.NaN;
            if (!(number >= 0 && number <= 1)) {
                throw wrong(path, "is a score, 0 to 1, not '" + value + "'");
            }
            return number;
        }

        /// @param known the keys that mean something; null for any
        private Map<?, ?> mapping(String path, @Nullable Object value, @Nullable Set<String> known) {
            if (!(value instanceof Map<?, ?> map)) {
                throw wrong(path, value == null ? "is missing" : "must be a mapping of keys to values");
            }
            List<String> unknown = new ArrayList<>();
            for (Object key : map.keySet()) {
                if (known != null && !known.contains(String.valueOf(key))) {
                    unknown.add(String.valueOf(key));
                }
            }
            if (!unknown.isEmpty()) {
                throw wrong(path, "has '" + String.join("', '", unknown) + "', which means nothing here");
            }
            return map;
        }

        private ModerationException wrong(String path, String what) {
            return new ModerationException(place + ": " + path + " " + what);
        }
    }
}
