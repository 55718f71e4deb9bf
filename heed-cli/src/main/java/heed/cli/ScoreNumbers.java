package heed.cli;

import heed.score.Correlation;
import heed.score.Measure;
import heed.score.Ranking;
import heed.score.ScoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `heed score auc|spearman|pearson`: numbers beside labels or other numbers.
final class ScoreNumbers {
    private ScoreNumbers() {}

    @Command(
            name = "auc",
            mixinStandardHelpOptions = true,
            description = "The areas under the ROC curve and the curve of precision over recall (average precision).",
            footerHeading = "%nExamples:%n",
            footer = {
                "  heed score auc scores.txt gold.txt --positive spam",
                "  heed score auc out.jsonl#labels gold.txt      one class against the rest, and the mean"
            })
    static final class AucCommand implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        private ScoreOptions options = new ScoreOptions();

        @Parameters(
                index = "0",
                paramLabel = "SCORES",
                description = "A number a line, higher for rather positive; or the field of `heed classify`'s labels.")
        @SuppressWarnings("NullAway.Init")
        private String scores;

        @Parameters(index = "1", paramLabel = "RIGHT", description = "The labels that are right.")
        @SuppressWarnings("NullAway.Init")
        private String right;

        @Option(
                names = "--positive",
                paramLabel = "LABEL",
                description = "Default: the greater of 0 and 1, -1 and 1, false and true, or no and yes")
        private @Nullable String positive;

        @Override
        public Integer call() throws IOException {
            ScoreFile file = ScoreFile.read(scores);
            ScoreFile gold = ScoreFile.read(right);
            file.requireSameSize(gold);
            List<String> labels = gold.labels();
            Set<String> scored = file.scoredLabels();
            PrintWriter out = spec.commandLine().getOut();
            if (positive == null && !scored.isEmpty()) {
                if (options.baseline != null || options.confidence()) {
                    throw new IllegalArgumentException("samples are drawn for one label: say --positive LABEL");
                }
                printAll(scored, file, labels, out);
                return 0;
            }
            String label = positive == null ? customary(gold.name(), new TreeSet<>(labels)) : positive;
            Ranking ranking = ranking(file, gold.name(), labels, label);
            ScoreFile other = options.baseline == null ? null : ScoreFile.read(options.baseline);
            if (other != null) {
                other.requireSameSize(gold);
            }
            Measure baseline = other == null
                    ? null
                    : ranking(other, gold.name(), labels, label).rocMeasure();
            new ScoreReport(options, out, "ROC-AUC", 4)
                    .sign("positive", label)
                    .sign("segments", labels.size())
                    .detail("pr_auc", ranking.averagePrecision())
                    .print(ranking.rocAuc(), ranking.rocMeasure(), baseline);
            if (!options.json()) {
                new ScoreReport(options, out, "PR-AUC", 4)
                        .sign("positive", label)
                        .sign("segments", labels.size())
                        .print(ranking.averagePrecision());
            }
            return 0;
        }

        private static Ranking ranking(ScoreFile file, String gold, List<String> labels, String label) {
            boolean[] positive = new boolean[labels.size()];
            int count = 0;
            for (int i = 0; i < positive.length; i++) {
                positive[i] = labels.get(i).equals(label);
                count += positive[i] ? 1 : 0;
            }
            if (count == 0 || count == positive.length) {
                Set<String> there = new TreeSet<>(labels);
                throw new ScoreException("there is no curve for '" + label + "': "
                        + (count == 0
                                ? "no line of " + gold + " has it, there are "
                                : "all lines of " + gold + " have ")
                        + String.join(", ", there));
            }
            return new Ranking(file.numbers(label), positive);
        }

        private static String customary(String gold, Set<String> labels) {
            for (List<String> pair :
                    List.of(List.of("0", "1"), List.of("-1", "1"), List.of("false", "true"), List.of("no", "yes"))) {
                if (pair.containsAll(labels)) {
                    return pair.getLast();
                }
            }
            throw new IllegalArgumentException(
                    "which label of " + gold + " is positive? Say --positive with one of " + String.join(", ", labels));
        }

        private void printAll(Set<String> scored, ScoreFile file, List<String> labels, PrintWriter out) {
            Map<String, Object> byLabel = new LinkedHashMap<>();
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("label", "ROC-AUC", "PR-AUC"));
            double roc = 0;
            double precision = 0;
            for (String label : scored) {
                Ranking ranking = ranking(file, "the labels", labels, label);
                roc += ranking.rocAuc() / scored.size();
                precision += ranking.averagePrecision() / scored.size();
                byLabel.put(label, Map.of("roc_auc", ranking.rocAuc(), "pr_auc", ranking.averagePrecision()));
                rows.add(List.of(
                        label, options.number(ranking.rocAuc(), 4), options.number(ranking.averagePrecision(), 4)));
            }
            ScoreReport report = new ScoreReport(options, out, "ROC-AUC", 4)
                    .sign("average", "macro")
                    .sign("segments", labels.size())
                    .detail("pr_auc", precision)
                    .detail("by_label", byLabel);
            report.print(roc);
            report.table(rows);
        }
    }

    /// Two series of numbers.
    static final class Pairs {
        @Mixin
        private ScoreOptions options = new ScoreOptions();

        @Parameters(index = "0", paramLabel = "GIVEN", description = "The numbers that were given, one a line.")
        @SuppressWarnings("NullAway.Init")
        private String given;

        @Parameters(index = "1", paramLabel = "RIGHT", description = "The numbers that are right.")
        @SuppressWarnings("NullAway.Init")
        private String right;

        void score(String name, boolean ranked, PrintWriter out) throws IOException {
            ScoreFile gold = ScoreFile.read(right);
            double[] y = gold.numbers(null);
            Measure measure = measure(given, gold, y, ranked);
            Measure baseline = options.baseline == null ? null : measure(options.baseline, gold, y, ranked);
            new ScoreReport(options, out, name, 4)
                    .sign("pairs", y.length)
                    .print(measure.of(IntStream.range(0, y.length).toArray()), measure, baseline);
        }

        private static Measure measure(String argument, ScoreFile gold, double[] y, boolean ranked) throws IOException {
            ScoreFile file = ScoreFile.read(argument);
            file.requireSameSize(gold);
            double[] x = file.numbers(null);
            if (ranked) {
                Correlation.spearman(x, y); // says what is wrong with constant numbers
            } else {
                Correlation.pearson(x, y);
            }
            return Correlation.measure(x, y, ranked);
        }
    }

    @Command(
            name = "spearman",
            mixinStandardHelpOptions = true,
            description = "Spearman's rank correlation of two series of numbers, from -1 to 1.",
            footerHeading = "%nExample:%n",
            footer = "  heed score spearman similarities.txt gold.tsv#3")
    static final class SpearmanCommand implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        private Pairs pairs = new Pairs();

        @Override
        public Integer call() throws IOException {
            pairs.score("Spearman", true, spec.commandLine().getOut());
            return 0;
        }
    }

    @Command(
            name = "pearson",
            mixinStandardHelpOptions = true,
            description = "Pearson's correlation of two series of numbers, from -1 to 1.",
            footerHeading = "%nExample:%n",
            footer = "  heed score pearson similarities.txt gold.tsv#3")
    static final class PearsonCommand implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        private Pairs pairs = new Pairs();

        @Override
        public Integer call() throws IOException {
            pairs.score("Pearson", false, spec.commandLine().getOut());
            return 0;
        }
    }
}
