package heed.lens.senses;

import heed.corpus.Occurrence;
import heed.model.Model;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// One word in many sentences: which of them a model takes as alike, layer by layer.
///
/// @param model its name
/// @param word as it was asked for
/// @param labels one for each occurrence, such as its sense; all empty where nobody says
public record WordInContexts(String model, String word, List<String> labels, ContextVectors vectors) {
    /// Whoever asks for more is told to choose: a picture of more points shows nothing, and all pairs are
    /// compared.
    public static final int MOST = 2000;

    public WordInContexts {
        labels = List.copyOf(labels);
    }

    /// @throws IllegalArgumentException when there are fewer than two sentences, or too many, or one does not
    /// fit the model
    public static WordInContexts of(
            Model model, String word, List<Occurrence> occurrences, List<String> labels, IntConsumer progress) {
        if (occurrences.size() < 2) {
            throw new IllegalArgumentException("'" + word + "' occurs "
                    + (occurrences.isEmpty() ? "in none of the sentences" : "once")
                    + "; at least two occurrences are needed to compare");
        }
        if (occurrences.size() > MOST) {
            throw new IllegalArgumentException("'" + word + "' occurs " + occurrences.size() + " times, more than the "
                    + MOST + " that are compared at once; give fewer sentences");
        }
        return new WordInContexts(model.name(), word, labels, ContextVectors.of(model, occurrences, progress));
    }

    public int size() {
        return labels.size();
    }

    public int layers() {
        return vectors.layers();
    }

    public Occurrence occurrence(int i) {
        return vectors.occurrences().get(i);
    }

    /// Whether every occurrence has a label, and there is more than one to tell apart.
    public boolean labelled() {
        return labels.stream().noneMatch(String::isEmpty) && distinctLabels().size() > 1;
    }

    /// The labels that there are, in their order.
    public List<String> distinctLabels() {
        return labels.stream().distinct().filter(label -> !label.isEmpty()).toList();
    }

    /// Another occurrence and how alike its vector is.
    ///
    /// @param number of the occurrence, from 0
    public record Neighbour(int number, double cosine) {}

    /// What can be seen after one layer.
    ///
    /// @param meanCosine over all pairs: how much of the vectors is the same in every sentence
    /// @param nearest the share of the occurrences whose nearest neighbour has the same label; NaN where not
    /// all have labels, or all the same
    /// @param silhouette how much nearer the own label is than the next one, from -1 to 1, mean over the
    /// occurrences (Rousseeuw 1987), with `1 - cosine` as the distance; NaN as above
    public record Layer(
            int layer, List<List<Neighbour>> neighbours, double meanCosine, double nearest, double silhouette) {
        public Layer {
            neighbours = neighbours.stream().map(List::copyOf).toList();
        }
    }

    /// @param layer 0 for the embeddings
    /// @param count how many neighbours of each occurrence
    /// @throws IllegalArgumentException when there is no such layer
    public Layer layer(int layer, int count) {
        double[][] cosines = Similarities.of(vectors.layer(layer)).cosines();
        List<List<Neighbour>> neighbours = new ArrayList<>();
        double sum = 0;
        int same = 0;
        for (int i = 0; i < size(); i++) {
            int own = i;
            List<Neighbour> sorted = IntStream.range(0, size())
                    .filter(j -> j != own)
                    .mapToObj(j -> new Neighbour(j, cosines[own][j]))
                    .sorted(Comparator.comparingDouble((Neighbour other) -> -other.cosine))
                    .toList();
            sum += sorted.stream().mapToDouble(Neighbour::cosine).sum();
            same += labels.get(i).equals(labels.get(sorted.getFirst().number)) ? 1 : 0;
            neighbours.add(sorted.subList(0, Math.min(count, sorted.size())));
        }
        return new Layer(
                layer,
                neighbours,
                sum / size() / (size() - 1),
                labelled() ? (double) same / size() : Double.NaN,
                labelled() ? silhouette(cosines) : Double.NaN);
    }

    private double silhouette(double[][] cosines) {
        double sum = 0;
        for (int i = 0; i < size(); i++) {
            double own = Double.NaN;
            double other = Double.POSITIVE_INFINITY;
            for (String label : distinctLabels()) {
                double distance = meanDistance(cosines[i], i, label);
                if (label.equals(labels.get(i))) {
                    own = distance;
                } else {
                    other = Math.min(other, distance);
                }
            }
            double most = Math.max(own, other);
            sum += Double.isNaN(own) || most < 1e-12 ? 0 : (other - own) / most;
        }
        return sum / size();
    }

    /// To the others of a label; NaN when there are none.
    private double meanDistance(double[] cosines, int self, String label) {
        return IntStream.range(0, size())
                .filter(j -> j != self && labels.get(j).equals(label))
                .mapToDouble(j -> 1 - cosines[j])
                .average()
                .orElse(Double.NaN);
    }

    /// Where the occurrences lie in the plane in which they differ most, for every layer from the embeddings
    /// on.
    List<PrincipalAxes> planes() {
        List<PrincipalAxes> planes = new ArrayList<>();
        for (int layer = 0; layer <= layers(); layer++) {
            PrincipalAxes plane = PrincipalAxes.of(vectors.layer(layer));
            planes.add(planes.isEmpty() ? plane : plane.turnedLike(planes.getLast()));
        }
        return List.copyOf(planes);
    }

    /// Where each occurrence lies in that plane, by layer from the embeddings on: `[L + 1][n][2]`.
    public List<double[][]> points() {
        return planes().stream().map(PrincipalAxes::points).toList();
    }
}
