package heed.task;

import heed.family.BertConfig;
import heed.family.Head;
import heed.family.TokenBatch;
import heed.model.Model;
import heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sorts texts into the classes that a model was trained for. Safe for any number of threads.
public final class Classifier {
    private final Model model;
    private final Head.SequenceClassification head;

    /// @throws IllegalArgumentException when the model does not classify texts
    public Classifier(Model model) {
        if (!(model.network().head() instanceof Head.SequenceClassification classification)) {
            throw new IllegalArgumentException(
                    model.name() + " is a " + model.config().architecture()
                            + ", which does not classify texts; a model for sequence classification does");
        }
        this.model = model;
        this.head = classification;
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
        TokenBatch batch = Model.batchOf(model.encode(text, pair));
        return model.run(pass -> {
            Tensor pooled = model.network().pool(model.network().encode(batch, pass), batch, pass); // [1, D]
            Tensor logits = head.logits(pooled, pass); // [1, C]
            return multiLabel() ? independent(logits) : exclusive(logits);
        });
    }

    private boolean multiLabel() {
        return switch (model.config()) {
            case BertConfig bert -> bert.multiLabel();
        };
    }

    private Map<String, Double> exclusive(Tensor logits) {
        Tensor probabilities = logits.softmax();
        Map<String, Double> byLabel = new LinkedHashMap<>();
        for (int c = 0; c < labels().size(); c++) {
            byLabel.put(labels().get(c), (double) probabilities.at(0, c));
        }
        return byLabel;
    }

    private Map<String, Double> independent(Tensor logits) {
        Map<String, Double> byLabel = new LinkedHashMap<>();
        for (int c = 0; c < labels().size(); c++) {
            byLabel.put(labels().get(c), 1 / (1 + Math.exp(-logits.at(0, c))));
        }
        return byLabel;
    }
}
