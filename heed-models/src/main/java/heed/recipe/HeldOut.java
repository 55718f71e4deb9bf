package heed.recipe;

import heed.family.ModelConfig;
import heed.family.TokenBatch;
import heed.model.Model;
import heed.model.Models;
import heed.model.Outputs;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// How classifiers do on examples that nothing was learned from.
final class HeldOut {
    private HeldOut() {}

    /// A line of JSON.
    static String line(String key, String what, Confusion confusion) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put(key, what);
        line.put("examples", confusion.examples());
        line.putAll(confusion.measures());
        return JsonMapper.shared().writeValueAsString(line);
    }

    /// The classes that a model finds, opened as anybody opens it.
    static Confusion ofModel(Path folder, List<LabelledTexts.Example> examples, int maxTokens) {
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
            return Confusion.of(logits, classes, config.multiLabel());
        }
    }
}
