package heed.attention;

import static org.assertj.core.api.Assertions.assertThat;

import heed.pass.Pass;
import heed.tensor.Sequences;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.testing.Seeded;
import heed.testing.Setting;
import java.util.List;
import java.util.stream.IntStream;

/// Queries, keys and values of a batch and how they meet, with the answer of the formula in double precision.
record AttentionCase(Tensor query, Tensor key, Tensor value, Heads heads, Scoring scoring) {
    /// The spacing of floats at 1: what one rounding can be off by, relatively.
    private static final double ROUNDING = 0x1p-23;

    /// Independent values of variance 1; everything visible.
    static AttentionCase random(long seed, Sequences queries, Sequences keys, Heads heads) {
        Seeded seeded = new Seeded(seed);
        return new AttentionCase(
                seeded.normal(queries.tokens(), heads.count() * heads.width()),
                seeded.normal(keys.tokens(), heads.keyValueCount() * heads.width()),
                seeded.normal(keys.tokens(), heads.keyValueCount() * heads.width()),
                heads,
                Scoring.cross(queries, keys, heads));
    }

    static AttentionCase random(long seed, int[] queries, int[] keys, Heads heads) {
        return random(seed, Sequences.ofLengths(queries), Sequences.ofLengths(keys), heads);
    }

    /// One head, one sequence, nothing scaled.
    static AttentionCase of(Tensor query, Tensor key, Tensor value) {
        Heads one = new Heads(1, 1, query.size(1));
        Scoring scoring = Scoring.cross(Sequences.single(query.size(0)), Sequences.single(key.size(0)), one)
                .scaled(1);
        return new AttentionCase(query, key, value, one, scoring);
    }

    AttentionCase with(Tensor newQuery, Tensor newKey, Tensor newValue) {
        return new AttentionCase(newQuery, newKey, newValue, heads, scoring);
    }

    AttentionCase masked(Mask mask) {
        return new AttentionCase(query, key, value, heads, scoring.masked(mask));
    }

    AttentionCase biased(ScoreBias bias) {
        return new AttentionCase(query, key, value, heads, scoring.biased(bias));
    }

    AttentionCase scaled(float scale) {
        return new AttentionCase(query, key, value, heads, scoring.scaled(scale));
    }

    Tensor attend(Attention attention, Setting setting) {
        return attend(attention, setting.pass());
    }

    Tensor attend(Attention attention, Pass pass) {
        return attention.attend(query, key, value, heads, scoring, pass);
    }

    void assertMatchesFormula(Attention attention, Setting setting) {
        assertClose(attend(attention, setting), expected(), tolerance(), toString());
    }

    static void assertClose(Tensor actual, double[][] expected, double tolerance, String description) {
        for (int n = 0; n < expected.length; n++) {
            for (int column = 0; column < expected[n].length; column++) {
                double difference = Math.abs(actual.at(n, column) - expected[n][column]);
                if (!(difference <= tolerance)) { // NaN is not close
                    throw new AssertionError("%s: row %d, column %d is %s, expected %s ± %s"
                            .formatted(description, n, column, actual.at(n, column), expected[n][column], tolerance));
                }
            }
        }
        int width = expected.length == 0 ? actual.size(1) : expected[0].length;
        assertThat(actual.shape()).as(description).isEqualTo(Shape.of(expected.length, width));
    }

    /// `softmax(Q Kᵀ · scale + bias) V` for every query of every head by itself.
    double[][] expected() {
        Sequences queries = scoring.queries();
        double[][] context = new double[queries.tokens()][heads.count() * heads.width()];
        for (int b = 0; b < queries.count(); b++) {
            for (int h = 0; h < heads.count(); h++) {
                for (int i = 0; i < queries.length(b); i++) {
                    double[] weights = weights(b, h, i);
                    for (int j = 0; j < weights.length; j++) {
                        for (int c = 0; c < heads.width() && weights[j] > 0; c++) {
                            int row = scoring.keys().start(b) + j;
                            context[queries.start(b) + i][heads.queryColumn(h) + c] +=
                                    weights[j] * value.at(row, keyHead(h) * heads.width() + c);
                        }
                    }
                }
            }
        }
        return context;
    }

    /// The weights of query `i` in one head: one per key, 0 where it is hidden.
    double[] weights(int sequence, int head, int i) {
        int keys = scoring.keys().length(sequence);
        double[] weights = new double[keys];
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < keys; j++) {
            weights[j] = visible(sequence, i, j) ? score(sequence, head, i, j) : Double.NEGATIVE_INFINITY;
            max = Math.max(max, weights[j]);
        }
        double sum = 0;
        for (int j = 0; j < keys; j++) {
            weights[j] = weights[j] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(weights[j] - max);
            sum += weights[j];
        }
        for (int j = 0; j < keys && sum > 0; j++) {
            weights[j] /= sum;
        }
        return weights;
    }

    boolean visible(int sequence, int i, int j) {
        int queries = scoring.queries().length(sequence);
        int keys = scoring.keys().length(sequence);
        return scoring.mask().visible(sequence, i, j, queries, keys);
    }

    float dot(int sequence, int head, int i, int j) {
        return (float) exactDot(sequence, head, i, j);
    }

    private double exactDot(int sequence, int head, int i, int j) {
        double dot = 0;
        for (int c = 0; c < heads.width(); c++) {
            dot += product(sequence, head, i, j, c);
        }
        return dot;
    }

    private double score(int sequence, int head, int i, int j) {
        int queries = scoring.queries().length(sequence);
        int keys = scoring.keys().length(sequence);
        return exactDot(sequence, head, i, j) * scoring.scale()
                + scoring.bias().at(sequence, head, i, j, queries, keys);
    }

    private double product(int sequence, int head, int i, int j, int column) {
        return (double) query.at(scoring.queries().start(sequence) + i, heads.queryColumn(head) + column)
                * key.at(scoring.keys().start(sequence) + j, keyHead(head) * heads.width() + column);
    }

    /// Neighbouring query heads share a key head.
    private int keyHead(int head) {
        int groupSize = heads.count() / heads.keyValueCount();
        return head / groupSize;
    }

    /// How far sums in float may be off. A score is off by some roundings of the products that it sums, growing
    /// as the root of Dh; a context by twice the error of the scores, for exp turns an absolute error into a
    /// relative one and the sum of the weights has it too, and by roundings of its own, growing as the root of
    /// Tk.
    double tolerance() {
        double largestScore = 0;
        for (int b = 0; b < scoring.queries().count(); b++) {
            for (int h = 0; h < heads.count(); h++) {
                for (int i = 0; i < scoring.queries().length(b); i++) {
                    for (int j = 0; j < scoring.keys().length(b); j++) {
                        if (visible(b, i, j)) {
                            largestScore = Math.max(largestScore, magnitude(b, h, i, j));
                        }
                    }
                }
            }
        }
        double largestValue = 0;
        for (float v : value.toArray()) {
            largestValue = Math.max(largestValue, Math.abs(v));
        }
        double scoreError = ROUNDING * (1 + Math.sqrt(heads.width()) / 2) * largestScore;
        double sumError = ROUNDING * (4 + Math.sqrt(scoring.keys().longest()));
        return largestValue * (2 * scoreError + sumError);
    }

    private double magnitude(int sequence, int head, int i, int j) {
        double sum = 0;
        for (int c = 0; c < heads.width(); c++) {
            sum += Math.abs(product(sequence, head, i, j, c));
        }
        int queries = scoring.queries().length(sequence);
        int keys = scoring.keys().length(sequence);
        float bias = scoring.bias().at(sequence, head, i, j, queries, keys);
        return sum * Math.abs(scoring.scale()) + (Float.isInfinite(bias) ? 0 : Math.abs(bias));
    }

    @Override
    public String toString() {
        return "%s, queries %s, keys %s, scale %s, %s, %s"
                .formatted(
                        heads,
                        lengths(scoring.queries()),
                        lengths(scoring.keys()),
                        scoring.scale(),
                        scoring.mask(),
                        scoring.bias());
    }

    private static List<Integer> lengths(Sequences sequences) {
        return IntStream.range(0, sequences.count())
                .map(sequences::length)
                .boxed()
                .toList();
    }
}
