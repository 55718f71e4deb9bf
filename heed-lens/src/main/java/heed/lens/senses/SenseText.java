package heed.lens.senses;

import heed.corpus.Occurrence;
import heed.lens.senses.WordInContexts.Layer;
import heed.lens.senses.WordInContexts.Neighbour;
import java.util.Locale;

/// A word in many sentences, for the terminal: neighbours after one layer, then what can be said of each layer.
///
/// @param layer 0 for the embeddings
/// @param neighbours how many of each occurrence
public record SenseText(WordInContexts contexts, int layer, int neighbours) {
    private static final int BEFORE = 32;
    private static final int AFTER = 44;

    public String text() {
        Layer shown = contexts.layer(layer, neighbours);
        StringBuilder text = new StringBuilder();
        text.append("%s in %d sentences: nearest neighbours after layer %d of %d of %s%s%n%n"
                .formatted(
                        contexts.word(),
                        contexts.size(),
                        layer,
                        contexts.layers(),
                        contexts.model(),
                        layer == 0 ? " (0: the embeddings)" : ""));
        for (int i = 0; i < contexts.size(); i++) {
            text.append("%4d  %s%n".formatted(i + 1, line(i)));
            for (Neighbour neighbour : shown.neighbours().get(i)) {
                text.append(String.format(
                        Locale.ROOT,
                        "      %.3f %4d  %s%n",
                        neighbour.cosine(),
                        neighbour.number() + 1,
                        line(neighbour.number())));
            }
        }
        return text.append('\n').append(layers()).toString();
    }

    private String line(int i) {
        String label = contexts.labels().get(i);
        return (label.isEmpty() ? "" : label + ": ") + around(contexts.occurrence(i));
    }

    /// The word in brackets, and what is near it.
    static String around(Occurrence occurrence) {
        String text = occurrence.text();
        int from = Math.max(0, occurrence.start() - BEFORE);
        int to = Math.min(text.length(), occurrence.end() + AFTER);
        return (from > 0 ? "…" : "") + text.substring(from, occurrence.start()) + "[" + occurrence.form() + "]"
                + text.substring(occurrence.end(), to) + (to < text.length() ? "…" : "");
    }

    private String layers() {
        StringBuilder text = new StringBuilder("layer  mean cosine");
        text.append(contexts.labelled() ? "  nearest has the same label  silhouette\n" : "\n");
        for (int each = 0; each <= contexts.layers(); each++) {
            Layer one = contexts.layer(each, 1);
            text.append(String.format(Locale.ROOT, "%5d  %11.3f", each, one.meanCosine()));
            if (contexts.labelled()) {
                text.append(String.format(Locale.ROOT, "  %24.1f %%", 100 * one.nearest()));
                text.append(String.format(Locale.ROOT, "  %10.3f", one.silhouette()));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
