package heed.recipe;

import heed.hub.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Texts and the classes that they belong to.
///
/// @param labels the names of the classes, by index
/// @param empty records that were left out because they have no text
record LabelledTexts(List<String> labels, List<Example> examples, int empty) {
    /// @param classes indices of labels, ascending; one unless a text may belong to several
    record Example(String text, int[] classes) {
        boolean has(int label) {
            return Arrays.binarySearch(classes, label) >= 0;
        }
    }

    /// Where texts and labels stand, and what the labels are called.
    ///
    /// @param names what a label in the data is called; empty for what it is in the data
    /// @param separator between several labels in one value
    /// @param several whether a text may belong to several classes, or to none
    record Source(
            DataFiles files, String text, String label, Map<String, String> names, String separator, boolean several) {
        /// @param folder of the recipe
        static Source read(Section root, @Nullable Path folder, boolean several) {
            Section data = root.part("data");
            return new Source(
                    DataFiles.read(data, folder),
                    data.text("text", "text"),
                    data.text("label", several ? "labels" : "label"),
                    root.names("labels"),
                    data.text("separator", "|"),
                    several);
        }

        /// @throws RecipeException when there is nothing to tell apart, or a label is not among the names
        LabelledTexts load(Progress progress) {
            List<String> texts = new ArrayList<>();
            List<List<String>> found = new ArrayList<>();
            int empty = 0;
            for (DataFiles.Row row : files.rows(progress)) {
                String value = row.value(text).asString().strip();
                if (value.isEmpty()) {
                    empty++;
                    continue;
                }
                texts.add(value);
                found.add(labels(row));
            }
            if (texts.isEmpty()) {
                throw new RecipeException("the data has no example with a text in the field '" + text + "'");
            }
            List<String> all = names.isEmpty()
                    ? List.copyOf(found.stream().flatMap(List::stream).collect(Collectors.toCollection(TreeSet::new)))
                    : names.values().stream().distinct().toList();
            List<Example> examples = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                int[] classes = found.get(i).stream()
                        .mapToInt(all::indexOf)
                        .sorted()
                        .distinct()
                        .toArray();
                examples.add(new Example(texts.get(i), classes));
            }
            LabelledTexts loaded = new LabelledTexts(all, examples, empty);
            loaded.requireSomethingToTellApart(several);
            return loaded;
        }

        private List<String> labels(DataFiles.Row row) {
            JsonNode value = row.value(label);
            List<String> raw;
            if (value.isArray()) {
                raw = StreamSupport.stream(value.spliterator(), false)
                        .map(JsonNode::asString)
                        .toList();
            } else if (several) {
                raw = Arrays.stream(value.asString().split(Pattern.quote(separator)))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
            } else {
                raw = List.of(value.asString().strip());
            }
            if (!several && raw.size() != 1) {
                throw new RecipeException(row.place() + " has " + raw.size()
                        + " labels; where a text may have several, the recipe says 'problem: multi_label'");
            }
            return raw.stream().map(name -> named(name, row)).toList();
        }

        private String named(String raw, DataFiles.Row row) {
            if (names.isEmpty()) {
                return raw;
            }
            String name = names.get(raw);
            if (name == null) {
                throw new RecipeException(row.place() + " has the label '" + raw
                        + "', which is not among the labels of the recipe: " + String.join(", ", names.keySet()));
            }
            return name;
        }
    }

    private void requireSomethingToTellApart(boolean several) {
        if (labels.size() < (several ? 1 : 2)) {
            throw new RecipeException("all " + examples.size() + " examples have the label '"
                    + (labels.isEmpty() ? "" : labels.getFirst()) + "': there is nothing to tell apart");
        }
        for (int label = 0; label < labels.size(); label++) {
            if (count(label) == 0) {
                throw new RecipeException("no example has the label '" + labels.get(label) + "'");
            }
            if (several && labels.size() == 1 && count(label) == examples.size()) {
                throw new RecipeException(
                        "every example has the label '" + labels.get(label) + "': there is nothing to tell apart");
            }
        }
    }

    /// How many examples have a label.
    int count(int label) {
        return (int) examples.stream().filter(example -> example.has(label)).count();
    }

    /// Examples in three parts.
    record Split(List<Example> training, List<Example> validation, List<Example> test) {}

    /// Splits so that every class has its share in every part; the same seed splits the same way.
    ///
    /// @throws RecipeException when a part stays empty that should not
    Split split(double validation, double test, long seed) {
        Map<String, List<Example>> byClasses = new TreeMap<>();
        for (Example example : examples) {
            byClasses
                    .computeIfAbsent(Arrays.toString(example.classes), _ -> new ArrayList<>())
                    .add(example);
        }
        Split split = new Split(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        SplittableRandom random = new SplittableRandom(seed);
        double owedTest = 0; // so that many small groups give their share together
        double owedValidation = 0;
        for (List<Example> group : byClasses.values()) {
            shuffle(group, random);
            owedTest += test * group.size();
            owedValidation += validation * group.size();
            int tested = Math.min(group.size(), (int) Math.round(owedTest));
            int validated = Math.min(group.size() - tested, (int) Math.round(owedValidation));
            owedTest -= tested;
            owedValidation -= validated;
            split.test.addAll(group.subList(0, tested));
            split.validation.addAll(group.subList(tested, tested + validated));
            split.training.addAll(group.subList(tested + validated, group.size()));
        }
        if (split.training.isEmpty() || split.validation.isEmpty() || (test > 0 && split.test.isEmpty())) {
            throw new RecipeException(examples.size() + " examples are too few for a validation share of " + validation
                    + " and a test share of " + test);
        }
        return split;
    }

    private static void shuffle(List<Example> list, SplittableRandom random) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }

    /// How much an example of each class counts, so that every class counts the same: `n / (classes · count)`.
    static float[] balanced(List<Example> examples, int labels) {
        float[] weights = new float[labels];
        for (int label = 0; label < labels; label++) {
            int index = label;
            long count = examples.stream().filter(example -> example.has(index)).count();
            weights[label] = (float) (examples.size() / ((double) labels * Math.max(1, count)));
        }
        return weights;
    }
}
