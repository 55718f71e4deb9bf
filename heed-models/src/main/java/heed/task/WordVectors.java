package heed.task;

import heed.family.TokenBatch;
import heed.model.Model;
import heed.model.Recording;
import heed.pass.Point;
import heed.pass.Site;
import heed.tensor.Tensor;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.List;

/// The vector that each word of a text has at a layer: the same word gets another vector in another context.
/// Word pieces are pooled by their mean. Safe for any number of threads.
public final class WordVectors {
    private final Model model;

    public WordVectors(Model model) {
        this.model = model;
    }

    /// A word of a text and its vector.
    ///
    /// @param word as it stands in the text
    /// @param start its first character in the text, in UTF-16 units
    /// @param end the character after its last
    /// @param firstToken the first of its tokens
    /// @param lastToken the last of its tokens
    /// @param vector `[D]`
    public record WordVector(String word, int start, int end, int firstToken, int lastToken, float[] vector) {}

    /// The vectors after the last layer.
    public List<WordVector> of(String text) {
        return of(text, model.config().layers());
    }

    /// @param layer 0 for the embeddings, before anything was attended to, up to the number of layers
    /// @throws IllegalArgumentException when the text is empty or too long, or there is no such layer
    public List<WordVector> of(String text, int layer) {
        if (layer < 0 || layer > model.config().layers()) {
            throw new IllegalArgumentException("layer " + layer + " has no hidden states, " + model.name()
                    + " has 0 (the embeddings) to " + model.config().layers());
        }
        Encoding encoding = model.encode(text, null);
        TokenBatch batch = Model.batchOf(encoding);
        Recording recording = Recording.of(Point.HIDDEN);
        model.run(recording, pass -> model.network().encode(batch, pass));
        return pooled(text, encoding, recording.at(new Site(model.network().reader(), layer - 1), Point.HIDDEN));
    }

    /// The words of a text whose hidden states were recorded already.
    ///
    /// @param hidden `[T, D]`
    /// @throws IllegalArgumentException when the hidden states are not those of this text
    public List<WordVector> of(String text, Tensor hidden) {
        Encoding encoding = model.encode(text, null);
        if (hidden.size(0) != encoding.ids().length) {
            throw new IllegalArgumentException("the text has " + encoding.ids().length + " tokens, there are "
                    + hidden.size(0) + " hidden states");
        }
        return pooled(text, encoding, hidden);
    }

    private static List<WordVector> pooled(String text, Encoding encoding, Tensor hidden) {
        List<WordVector> words = new ArrayList<>();
        int[] wordOf = encoding.words();
        for (int first = 0; first < wordOf.length; first++) {
            if (wordOf[first] < 0) {
                continue;
            }
            int last = first;
            while (last + 1 < wordOf.length && wordOf[last + 1] == wordOf[first]) {
                last++;
            }
            int start = encoding.starts()[first];
            int end = encoding.ends()[last];
            words.add(new WordVector(
                    text.substring(start, end), start, end, first, last, mean(hidden.rows(first, last + 1))));
            first = last;
        }
        return words;
    }

    private static float[] mean(Tensor rows) {
        float[] mean = new float[rows.size(1)];
        for (int t = 0; t < rows.size(0); t++) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += rows.at(t, i) / rows.size(0);
            }
        }
        return mean;
    }
}
