package heed.lens.capture;

import heed.kernel.WorkerPool;
import heed.lens.HeadProfile;
import heed.lens.TokenLabels;
import heed.pass.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What can be said of one head over a whole text in a few numbers.
///
/// @param profile where it sends its attention
/// @param entropy of a row of weights, in bits, mean over the queries: 0 for one key, log₂ n for an even spread
/// (Clark et al. 2019, §3.3)
/// @param distance in tokens between a query and what it looks at, by weight, mean over the queries (Vig and
/// Belinkov 2019, §4.2); 0 between two texts
public record HeadMeasures(HeadProfile profile, double entropy, double distance) {
    /// Queries that are measured; of longer texts as many, evenly spaced.
    private static final int MOST_QUERIES = 512;

    /// All heads of a stack, by layer and head.
    public static List<HeadMeasures> of(Run run, Site.Stack stack, WorkerPool workers) {
        AttentionStream stream = run.stream(stack);
        TokenLabels queries = labels(run.queryTokens(stack));
        TokenLabels keys = labels(run.keyTokens(stack));
        boolean self = stack != Site.Stack.CROSS;
        int[] lookers = sample(stream.queries());
        HeadMeasures[] measures = new HeadMeasures[stream.layers() * stream.heads()];
        workers.run(measures.length, number -> {
            int layer = number / stream.heads();
            int head = number % stream.heads();
            float[][] rows = new float[stream.queries()][];
            double entropy = 0;
            double distance = 0;
            for (int i : lookers) {
                rows[i] = stream.row(layer, head, i, Measure.WEIGHT);
                entropy += entropy(rows[i]);
                distance += self ? distance(rows[i], i) : 0;
            }
            HeadProfile profile = HeadProfile.of(layer, head, lookers, i -> rows[i], self, queries, keys);
            measures[number] = new HeadMeasures(profile, entropy / lookers.length, distance / lookers.length);
        });
        return List.of(measures);
    }

    /// The head to look at first: the one that links words most.
    public static HeadProfile best(List<HeadMeasures> measures) {
        return measures.stream()
                .map(HeadMeasures::profile)
                .max(Comparator.comparingDouble(HeadProfile::linking))
                .orElseThrow();
    }

    private static TokenLabels labels(List<RunToken> tokens) {
        List<String> pieces = new ArrayList<>();
        tokens.forEach(token -> pieces.add(token.piece()));
        return TokenLabels.of(pieces);
    }

    private static int[] sample(int queries) {
        int count = Math.min(queries, MOST_QUERIES);
        return IntStream.range(0, count)
                .map(n -> (int) ((long) n * queries / count))
                .toArray();
    }

    private static double entropy(float[] row) {
        return -Arrays.stream(toDoubles(row))
                .filter(weight -> weight > 0)
                .map(weight -> weight * Math.log(weight) / Math.log(2))
                .sum();
    }

    private static double[] toDoubles(float[] row) {
        double[] doubles = new double[row.length];
        Arrays.setAll(doubles, j -> row[j]);
        return doubles;
    }

    private static double distance(float[] row, int query) {
        double distance = 0;
        for (int j = 0; j < row.length; j++) {
            distance += row[j] * Math.abs(query - j);
        }
        return distance;
    }
}
