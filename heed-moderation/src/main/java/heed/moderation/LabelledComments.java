package heed.moderation;

import heed.moderation.LabelScorer.Score;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Comments of which people said what they are: lines of JSON, `{"text": …, "labels": ["toxic", …]}`, or
/// `"label"` where there is one. A comment without labels is fine.
public record LabelledComments(List<Example> examples) {
    private static final int CHUNK = 256;

    /// @param labels those that the comment has
    public record Example(String text, Set<String> labels) {}

    public LabelledComments {
        examples = List.copyOf(examples);
    }

    /// @throws ModerationException when a line has no text, with its number, or there are none
    public static LabelledComments read(Path file) {
        List<Example> examples = new ArrayList<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                number++;
                if (!line.isBlank()) {
                    examples.add(example(line, file + ", line " + number));
                }
            }
        } catch (IOException e) {
            throw new ModerationException("cannot read " + file + ": " + e.getMessage(), e);
        }
        if (examples.isEmpty()) {
            throw new ModerationException(file + " has no comments");
        }
        return new LabelledComments(examples);
    }

    private static Example example(String line, String place) {
        try {
            JsonNode node = JsonMapper.shared().readTree(line);
            String text = node.path("text").asString("");
            if (text.isBlank()) {
                throw new ModerationException(place + " has no text");
            }
            Set<String> labels = new TreeSet<>();
            JsonNode several = node.path("labels");
            several.forEach(label -> labels.add(label.asString()));
            if (!several.isArray() && node.has("label")) {
                labels.add(node.path("label").asString());
            }
            return new Example(text, labels);
        } catch (JacksonException e) {
            throw new ModerationException(place + " is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    int size() {
        return examples.size();
    }

    boolean[] having(String label) {
        boolean[] having = new boolean[size()];
        for (int i = 0; i < having.length; i++) {
            having[i] = examples.get(i).labels.contains(label);
        }
        return having;
    }

    LabelledComments where(IntPredicate chosen) {
        return new LabelledComments(IntStream.range(0, size())
                .filter(chosen)
                .mapToObj(examples::get)
                .toList());
    }

    /// The scores of all, in their order.
    List<SequencedMap<String, Score>> scored(Scorer scorer) {
        List<SequencedMap<String, Score>> scores = new ArrayList<>();
        for (int from = 0; from < size(); from += CHUNK) {
            int to = Math.min(size(), from + CHUNK);
            scores.addAll(scorer.score(
                    examples.subList(from, to).stream().map(Example::text).toList()));
        }
        return scores;
    }

    static double[] probabilities(List<SequencedMap<String, Score>> scores, String label) {
        return scores.stream()
                .mapToDouble(one -> Objects.requireNonNull(one.get(label)).probability())
                .toArray();
    }

    static double[] logits(List<SequencedMap<String, Score>> scores, String label) {
        return scores.stream()
                .mapToDouble(one -> Objects.requireNonNull(one.get(label)).logit())
                .toArray();
    }
}
