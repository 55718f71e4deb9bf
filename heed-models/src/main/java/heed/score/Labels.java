package heed.score;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// One label a segment, as a classifier gave it and as it should be.
public final class Labels {
    private final List<String> names;
    private final int[] given;
    private final int[] right;

    private Labels(List<String> names, int[] given, int[] right) {
        this.names = names;
        this.given = given;
        this.right = right;
    }

    /// @throws ScoreException when there are none, or not as many of the one as of the other
    public static Labels of(List<String> given, List<String> right) {
        requireSameNumber(given.size(), right.size());
        TreeSet<String> all = new TreeSet<>(given);
        all.addAll(right);
        List<String> names = List.copyOf(all);
        Map<String, Integer> numbers = new HashMap<>();
        names.forEach(name -> numbers.put(name, numbers.size()));
        return new Labels(names, numbered(given, numbers), numbered(right, numbers));
    }

    static void requireSameNumber(int given, int right) {
        if (given != right) {
            throw new ScoreException(given + " labels were given, " + right + " are right");
        }
        if (given == 0) {
            throw new ScoreException("there is nothing to score: no labels");
        }
    }

    private static int[] numbered(List<String> labels, Map<String, Integer> numbers) {
        return labels.stream().mapToInt(numbers::get).toArray();
    }

    public int size() {
        return given.length;
    }

    /// All labels of both sides, in the order of their names.
    public List<String> names() {
        return names;
    }

    public double accuracy() {
        return accuracy(all());
    }

    private double accuracy(int[] segments) {
        double hits =
                IntStream.of(segments).map(i -> given[i] == right[i] ? 1 : 0).sum();
        return LabelCounts.share(hits, segments.length);
    }

    /// Matthews' correlation coefficient (1975), for more than two labels as Gorodkin has it (2004): 1 is
    /// perfect, 0 as good as chance. 0 when one side has only one label.
    public double matthews() {
        return matthews(all());
    }

    private double matthews(int[] segments) {
        double[] givenCounts = new double[names.size()];
        double[] rightCounts = new double[names.size()];
        double hits = 0;
        for (int i : segments) {
            givenCounts[given[i]]++;
            rightCounts[right[i]]++;
            hits += given[i] == right[i] ? 1 : 0;
        }
        double n = segments.length;
        double together = 0;
        double givenSquares = 0;
        double rightSquares = 0;
        for (int label = 0; label < names.size(); label++) {
            together += givenCounts[label] * rightCounts[label];
            givenSquares += givenCounts[label] * givenCounts[label];
            rightSquares += rightCounts[label] * rightCounts[label];
        }
        double spread = Math.sqrt(n * n - givenSquares) * Math.sqrt(n * n - rightSquares);
        return LabelCounts.share(hits * n - together, spread);
    }

    public LabelReport report() {
        return report(all());
    }

    private LabelReport report(int[] segments) {
        double[][] counts = new double[names.size()][3];
        for (int i : segments) {
            if (given[i] == right[i]) {
                counts[given[i]][0]++;
            } else {
                counts[given[i]][1]++;
                counts[right[i]][2]++;
            }
        }
        Map<String, LabelCounts> labels = new TreeMap<>();
        for (int label = 0; label < counts.length; label++) {
            double[] row = counts[label];
            if (row[0] + row[1] + row[2] > 0) { // a resample may lack one
                labels.put(names.get(label), new LabelCounts(row[0], row[1], row[2]));
            }
        }
        return LabelReport.of(labels);
    }

    /// How often each label was given for each: rows are right, columns given, both in the order of [#names].
    public List<List<Integer>> confusion() {
        int[][] table = new int[names.size()][names.size()];
        for (int i = 0; i < given.length; i++) {
            table[right[i]][given[i]]++;
        }
        List<List<Integer>> rows = new ArrayList<>();
        for (int[] row : table) {
            rows.add(IntStream.of(row).boxed().toList());
        }
        return rows;
    }

    private int[] all() {
        return IntStream.range(0, given.length).toArray();
    }

    /// Accuracy of choices of segments.
    public Measure accuracyMeasure() {
        return measure(this::accuracy);
    }

    /// Matthews' coefficient of choices of segments.
    public Measure matthewsMeasure() {
        return measure(this::matthews);
    }

    /// Something of the report of choices of segments.
    public Measure reportMeasure(ToDoubleFunction<LabelReport> what) {
        return measure(segments -> what.applyAsDouble(report(segments)));
    }

    private Measure measure(ToDoubleFunction<int[]> score) {
        return Measure.of(given.length, score);
    }
}
