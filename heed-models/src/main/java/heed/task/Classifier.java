package heed.task;

import heed.family.Head;
import heed.family.TokenBatch;
import heed.model.Model;
import heed.model.Outputs;
import heed.tensor.Tensor;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sorts texts into the classes that a model was trained for. Safe for any number of threads.
public final class Classifier {
    private final Model model;

    /// @throws IllegalArgumentException when the model does not classify texts
    public Classifier(Model model) {
        Head head = model.network().head();
        if (!(head instanceof Head.SequenceClassification) && !(head instanceof Head.LastTokenClassification)) {
            throw new IllegalArgumentException(
                    model.name() + " is a " + model.config().architecture()
                            + ", which does not classify texts; a model for sequence classification does");
        }
        this.model = model;
    }

    public List<String> labels() {
        return model.config().labels();
    }

    /// The probability of every label. They sum to 1 where a text belongs to one class; where it may belong to
    /// several, each stands for itself.
    ///
    /// @throws IllegalArgumentException when the text is empty or too long
    public Map<String, Double> classify(String text) {
        return classify(text, null);
    }

    /// The probability of every label for a pair of texts.
    public Map<String, Double> classify(String text, @Nullable String pair) {
        return classifyBatch(Model.batchOf(model.encode(text, pair))).getFirst();
    }

    /// The probability of every label for each of many texts; the same as one by one, only faster.
    ///
    /// @throws IllegalArgumentException when a text is empty or too long, with its number
    public List<Map<String, Double>> classify(List<String> texts) {
        List<Encoding> encodings = model.encode(texts, EncodeOptions.defaults());
        return TokenBatch.batches(
                        encodings.stream().map(Encoding::ids).toList(),
                        encodings.stream().map(Encoding::typeIds).toList())
                .stream()
                .flatMap(batch -> classifyBatch(batch).stream())
                .toList();
    }

    private List<Map<String, Double>> classifyBatch(TokenBatch batch) {
        return model.run(pass -> {
            Tensor logits = Outputs.classLogits(model.network(), model.network().represent(batch, pass), batch, pass);
            Tensor probabilities = model.config().multiLabel() ? sigmoid(logits) : logits.softmax(); // [B, C]
            List<Map<String, Double>> byText = new ArrayList<>();
            for (int b = 0; b < probabilities.size(0); b++) {
                Map<String, Double> byLabel = new LinkedHashMap<>();
                for (int c = 0; c < labels().size(); c++) {
                    byLabel.put(labels().get(c), (double) probabilities.at(b, c));
                }
                byText.add(byLabel);
            }
            return byText;
        });
    }

    private static Tensor sigmoid(Tensor logits) {
        Tensor result = logits.copy();
        float[] values = result.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (1 / (1 + Math.exp(-values[i])));
        }
        return result;
    }
}
