package heed.moderation.drift;

import heed.moderation.LabelScorer;
import heed.moderation.LabelledComments;
import heed.moderation.ModerationException;
import heed.moderation.Tuning;
import heed.text.Encoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What comments and their scores were like when thresholds were chosen.
///
/// @param scores calibrated, by label
/// @param unknown the share of tokens that the model does not know
/// @param scripts how many comments are in which script
public record Reference(SequencedMap<String, Histogram> scores, double unknown, SequencedMap<String, Long> scripts) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// Of the comments that thresholds were chosen on.
    public static Reference of(LabelledComments comments, List<Tuning.Tuned> tuned, LabelScorer scorer) {
        SequencedMap<String, Histogram> scores = new LinkedHashMap<>();
        tuned.forEach(
                one -> scores.put(one.label(), Histogram.ofTenths(one.curve().scores())));
        SequencedMap<String, Long> scripts = new TreeMap<>();
        long tokens = 0;
        long unknown = 0;
        OptionalInt id = scorer.model().tokenizer().unknownId();
        for (LabelledComments.Example example : comments.examples()) {
            scripts.merge(Scripts.of(example.text()), 1L, Long::sum);
            Encoding encoding = scorer.model().tokenizer().encode(example.text());
            tokens += encoding.length();
            unknown += unknown(encoding, id);
        }
        return new Reference(scores, tokens == 0 ? 0 : (double) unknown / tokens, scripts);
    }

    static long unknown(Encoding encoding, OptionalInt id) {
        return id.isEmpty()
                ? 0
                : Arrays.stream(encoding.ids())
                        .filter(one -> one == id.getAsInt())
                        .count();
    }

    /// @throws ModerationException when it cannot be read, or is no reference
    public static Reference read(Path file) {
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            SequencedMap<String, Histogram> scores = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> entry : root.path("scores").properties()) {
                double[] edges = entry.getValue()
                        .path("edges")
                        .valueStream()
                        .mapToDouble(JsonNode::asDouble)
                        .toArray();
                long[] counts = entry.getValue()
                        .path("counts")
                        .valueStream()
                        .mapToLong(JsonNode::asLong)
                        .toArray();
                if (counts.length != edges.length + 1) {
                    throw new ModerationException(file + ": '" + entry.getKey() + "' has " + edges.length
                            + " edges and " + counts.length + " counts");
                }
                scores.put(entry.getKey(), new Histogram(edges, counts));
            }
            if (scores.isEmpty()) {
                throw new ModerationException(file + " is no reference: it has no scores");
            }
            SequencedMap<String, Long> scripts = new LinkedHashMap<>();
            root.path("scripts")
                    .properties()
                    .forEach(entry ->
                            scripts.put(entry.getKey(), entry.getValue().asLong()));
            return new Reference(scores, root.path("unknown_tokens").asDouble(0), scripts);
        } catch (IOException e) {
            throw new ModerationException("cannot read the reference " + file + ": " + e.getMessage(), e);
        } catch (JacksonException e) {
            throw new ModerationException(file + " is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /// @throws ModerationException when it cannot be written
    public void write(Path file) {
        Map<String, Object> root = new LinkedHashMap<>();
        Map<String, Object> histograms = new LinkedHashMap<>();
        scores.forEach((label, histogram) -> {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("edges", histogram.edges());
            view.put("counts", histogram.counts());
            histograms.put(label, view);
        });
        root.put("scores", histograms);
        root.put("unknown_tokens", unknown);
        root.put("scripts", scripts);
        try {
            Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        } catch (IOException e) {
            throw new ModerationException("cannot write the reference " + file + ": " + e.getMessage(), e);
        }
    }
}
