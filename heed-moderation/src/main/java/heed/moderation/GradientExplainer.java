package heed.moderation;

import heed.model.Model;
import heed.task.IntegratedGradients;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Integrated gradients ([IntegratedGradients]) of the window that a score comes from, told of the comment as
/// it was written. The parts are of the model's logit, before calibration, and sum to what it has more than
/// that of a text of the same length that says nothing. One pass there and back for twenty texts, whatever the
/// number of words; the copy of the model that it needs is made when it is first asked.
public final class GradientExplainer implements Explainer {
    private final Model model;
    private @Nullable IntegratedGradients gradients;

    /// @param model of the scorers that will be explained
    public GradientExplainer(Model model) {
        this.model = model;
    }

    private synchronized IntegratedGradients gradients() {
        IntegratedGradients made = gradients;
        if (made == null) {
            try {
                made = new IntegratedGradients(model);
            } catch (IllegalArgumentException e) {
                throw new ModerationException(String.valueOf(e.getMessage()), e);
            }
            gradients = made;
        }
        return made;
    }

    @Override
    public List<Part> parts(LabelScorer scorer, String text, String label) {
        if (scorer.model() != model) {
            throw new IllegalArgumentException(
                    "a scorer of " + scorer.name() + " cannot be explained by gradients of " + model.name());
        }
        LabelScorer.Origin origin = scorer.origin(text, label);
        double[] parts = gradients()
                .of(origin.encoding(), scorer.labels().indexOf(label))
                .parts();
        List<int[]> words = Occlusion.words(text);
        double[] sums = new double[words.size()];
        List<Part> found = new ArrayList<>();
        for (int t = 0; t < parts.length; t++) {
            PlainText.Span span = origin.spans().get(t);
            int word = wordAt(words, span.start());
            if (word >= 0) {
                sums[word] += parts[t];
            } else if (parts[t] != 0) { // signs between words count, too
                found.add(new Part(span.start(), span.end(), text.substring(span.start(), span.end()), parts[t]));
            }
        }
        for (int w = 0; w < sums.length; w++) {
            int[] word = words.get(w);
            if (sums[w] != 0) {
                found.add(new Part(word[0], word[1], text.substring(word[0], word[1]), sums[w]));
            }
        }
        found.sort(Comparator.comparingDouble(Part::part).reversed());
        return found;
    }

    /// The word that a character belongs to; −1 for none.
    private static int wordAt(List<int[]> words, int at) {
        int low = 0;
        int high = words.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (at < words.get(middle)[0]) {
                high = middle - 1;
            } else if (at >= words.get(middle)[1]) {
                low = middle + 1;
            } else {
                return middle;
            }
        }
        return -1;
    }
}
