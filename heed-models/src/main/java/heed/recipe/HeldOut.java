package heed.recipe;

import heed.family.ModelConfig;
import heed.family.TokenBatch;
import heed.model.Model;
import heed.model.Models;
import heed.model.Outputs;
import heed.score.Average;
import heed.score.LabelSets;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// How classifiers do on examples that nothing was learned from.
final class HeldOut {
    private HeldOut() {}

    /// A line of JSON.
    static String line(String what, LabelSets found) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("model", what);
        line.put("examples", found.given().size());
        line.putAll(measures(found));
        return JsonMapper.shared().writeValueAsString(line);
    }

    /// The classes that scores say, beside the right ones.
    ///
    /// @param logits the scores of the classes of each example
    /// @param classes of each example
    /// @param several whether every class with a probability above one half is found; otherwise the one with
    /// the highest score
    static LabelSets found(List<float[]> logits, List<int[]> classes, boolean several) {
        return new LabelSets(
                logits.stream()
                        .map(scores -> named(several ? above(scores) : IntStream.of(best(scores))))
                        .toList(),
                classes.stream().map(right -> named(Arrays.stream(right))).toList());
    }

    private static IntStream above(float[] scores) {
        return IntStream.range(0, scores.length).filter(label -> scores[label] > 0);
    }

    private static int best(float[] scores) {
        int best = 0;
        for (int label = 1; label < scores.length; label++) {
            best = scores[label] > scores[best] ? label : best;
        }
        return best;
    }

    private static Set<String> named(IntStream labels) {
        return labels.mapToObj(String::valueOf).collect(Collectors.toSet());
    }

    /// What is told of every evaluation.
    static Map<String, Double> measures(LabelSets found) {
        Map<String, Double> measures = new LinkedHashMap<>();
        measures.put("accuracy", found.accuracy());
        measures.put("macro_f1", found.report().f1(Average.MACRO));
        return measures;
    }

    /// The classes that a model finds, opened as anybody opens it.
    static LabelSets ofModel(Path folder, List<LabelledTexts.Example> examples, int maxTokens) {
        try (Model model = Models.open(folder)) {
            ModelConfig config = model.config();
            List<Encoding> encodings = model.encode(
                    examples.stream().map(LabelledTexts.Example::text).toList(),
                    EncodeOptions.defaults().withMaxTokens(Math.min(maxTokens, config.maxTokens())));
            List<float[]> logits = new ArrayList<>();
            for (TokenBatch batch : TokenBatch.batches(
                    encodings.stream().map(Encoding::ids).toList(),
                    encodings.stream().map(Encoding::typeIds).toList())) {
                logits.addAll(model.run(pass -> {
                    var scores =
                            Outputs.classLogits(model.network(), model.network().represent(batch, pass), batch, pass);
                    List<float[]> rows = new ArrayList<>();
                    for (int row = 0; row < scores.size(0); row++) {
                        rows.add(scores.part(row).toArray());
                    }
                    return rows;
                }));
            }
            List<int[]> classes =
                    examples.stream().map(LabelledTexts.Example::classes).toList();
            return found(logits, classes, config.multiLabel());
        }
    }
}
