package heed.training;

import heed.tensor.Tensor;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A vector for each of some words, the same in whatever sentence a word stands.
public final class StaticVectors {
    private final List<String> words;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Tensor unit; // [V, D], rows of length 1
    private final Tensor vectors;

    /// A word and how near it is.
    ///
    /// @param cosine of the angle between the vectors
    public record Neighbour(String word, double cosine) {}

    /// @param words by row
    /// @param vectors `[V, D]`, copied
    public StaticVectors(List<String> words, Tensor vectors) {
        if (words.size() != vectors.size(0)) {
            throw new IllegalArgumentException(words.size() + " words, vectors of shape " + vectors.shape());
        }
        this.words = List.copyOf(words);
        for (int id = 0; id < words.size(); id++) {
            ids.put(words.get(id), id);
        }
        this.vectors = vectors.copy();
        this.unit = vectors.copy();
        for (int row = 0; row < unit.size(0); row++) {
            double length = Math.sqrt(dot(row, row));
            for (int j = 0; j < unit.size(1); j++) {
                unit.set(length == 0 ? 0 : (float) (unit.at(row, j) / length), row, j);
            }
        }
    }

    private double dot(int a, int b) {
        double sum = 0;
        for (int j = 0; j < unit.size(1); j++) {
            sum += (double) unit.at(a, j) * unit.at(b, j);
        }
        return sum;
    }

    public boolean contains(String word) {
        return ids.containsKey(word);
    }

    /// `[D]`
    ///
    /// @throws IllegalArgumentException when the word has no vector
    public float[] vector(String word) {
        return vectors.part(id(word)).toArray();
    }

    public double cosine(String a, String b) {
        return dot(id(a), id(b));
    }

    /// The words whose vectors point most nearly where this one's does, itself left out.
    public List<Neighbour> nearest(String word, int count) {
        int id = id(word);
        return IntStream.range(0, words.size())
                .filter(other -> other != id)
                .mapToObj(other -> new Neighbour(words.get(other), dot(id, other)))
                .sorted(Comparator.comparingDouble(Neighbour::cosine).reversed())
                .limit(count)
                .toList();
    }

    private int id(String word) {
        Integer id = ids.get(word);
        if (id == null) {
            throw new IllegalArgumentException("\"" + word + "\" is none of the " + words.size() + " words");
        }
        return id;
    }
}
