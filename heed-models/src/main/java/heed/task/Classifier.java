package heed.task;

import heed.family.Head;
import heed.family.TokenBatch;
import heed.model.Model;
import heed.model.Outputs;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Sorts texts into the classes that a model was trained for. Safe for any number of threads.
public final class Classifier {
    private final Model model;

    /// @throws IllegalArgumentException when the model does not classify texts
    public Classifier(Model model) {
        if (!(model.network().head() instanceof Head.OfSequence)) {
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
        return byLabel(logits(List.of(model.encode(text, pair))).getFirst());
    }

    /// The probability of every label for each of many texts; the same as one by one, only faster.
    ///
    /// @throws IllegalArgumentException when a text is empty or too long, with its number
    public List<Map<String, Double>> classify(List<String> texts) {
        return logits(model.encode(texts, EncodeOptions.defaults())).stream()
                .map(this::byLabel)
                .toList();
    }

    private Map<String, Double> byLabel(float[] logits) {
        float[] probabilities = probabilities(logits);
        Map<String, Double> byLabel = new LinkedHashMap<>();
        for (int c = 0; c < labels().size(); c++) {
            byLabel.put(labels().get(c), (double) probabilities[c]);
        }
        return byLabel;
    }

    /// The scores of the labels of each text, `[C]`, before they become probabilities. A text's scores do not
    /// depend on the texts beside it.
    public List<float[]> logits(List<Encoding> encodings) {
        return TokenBatch.batches(
                        encodings.stream().map(Encoding::ids).toList(),
                        encodings.stream().map(Encoding::typeIds).toList())
                .stream()
                .flatMap(batch -> batchLogits(batch).stream())
                .toList();
    }

    private List<float[]> batchLogits(TokenBatch batch) {
        return model.run(pass -> {
            Tensor logits = Outputs.classLogits(model.network(), model.network().represent(batch, pass), batch, pass);
            return IntStream.range(0, logits.size(0))
                    .mapToObj(b -> logits.part(b).toArray()) // [C]
                    .toList();
        });
    }

    /// What the scores of one text mean: the probability of every label. They sum to 1 unless a text may have
    /// several.
    ///
    /// @param logits `[C]`
    public float[] probabilities(float[] logits) {
        if (!model.config().multiLabel()) {
            return Tensor.of(Shape.of(1, logits.length), logits.clone())
                    .softmax()
                    .part(0)
                    .toArray();
        }
        float[] probabilities = new float[logits.length];
        for (int c = 0; c < logits.length; c++) {
            probabilities[c] = (float) (1 / (1 + Math.exp(-logits[c])));
        }
        return probabilities;
    }
}
