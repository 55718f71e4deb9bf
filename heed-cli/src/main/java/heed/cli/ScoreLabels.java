package heed.cli;

import heed.score.Average;
import heed.score.LabelCounts;
import heed.score.LabelReport;
import heed.score.LabelSets;
import heed.score.Labels;
import heed.score.Measure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `heed score accuracy|f1|mcc`: labels beside those that are right.
final class ScoreLabels {
    private ScoreLabels() {}

    /// The files of both sides.
    static final class Files {
        @Mixin
        ScoreOptions options = new ScoreOptions();

        @Parameters(
                index = "0",
                paramLabel = "GIVEN",
                description = "The labels that were given, one a line; FILE#2 or FILE#field for a column or a field,"
                        + " such as out.jsonl#labels of `heed classify`.")
        @SuppressWarnings("NullAway.Init")
        private String given;

        @Parameters(index = "1", paramLabel = "RIGHT", description = "The labels that are right.")
        @SuppressWarnings("NullAway.Init")
        private String right;

        private @Nullable ScoreFile rightFile;

        /// What both sides are read as.
        private <T> T read(String argument, Function<ScoreFile, T> as) throws IOException {
            ScoreFile file = ScoreFile.read(argument);
            ScoreFile expected = right();
            file.requireSameSize(expected);
            return as.apply(file);
        }

        /// Read once: it may be standard input.
        ScoreFile right() throws IOException {
            ScoreFile file = rightFile == null ? ScoreFile.read(right) : rightFile;
            rightFile = file;
            return file;
        }

        <T> T given(Function<ScoreFile, T> as) throws IOException {
            return read(given, as);
        }

        <T> @Nullable T baseline(Function<ScoreFile, T> as) throws IOException {
            return options.baseline == null ? null : read(options.baseline, as);
        }

        Labels labels(List<String> labels) {
            try {
                return Labels.of(labels, right().labels());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        LabelSets labelSets(ScoreFile file, double threshold) {
            try {
                return new LabelSets(file.labelSets(threshold), right().labelSets(threshold));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Whether segments have one label or any number.
    static final class Several {
        @Option(
                names = "--multi-label",
                description = "Any number of labels a line, with commas between, or as a list in JSON.")
        boolean multiLabel;

        @Option(
                names = "--threshold",
                paramLabel = "P",
                description = "With --multi-label: the score from which a label counts as given. Default: 0.5")
        double threshold = 0.5;
    }

    @Command(
            name = "accuracy",
            mixinStandardHelpOptions = true,
            description = "The share of right labels; with --multi-label, of segments with all labels right.",
            footerHeading = "%nExample:%n",
            footer = "  heed score accuracy out.jsonl#labels gold.txt")
    static final class AccuracyCommand implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        private Files files = new Files();

        @Mixin
        private Several several = new Several();

        @Override
        public Integer call() throws IOException {
            ScoreReport report =
                    new ScoreReport(files.options, spec.commandLine().getOut(), "accuracy", 4);
            if (several.multiLabel) {
                LabelSets sets = files.given(file -> files.labelSets(file, several.threshold));
                report.sign("segments", sets.given().size()).sign("labels", "sets");
                LabelSets other = files.baseline(file -> files.labelSets(file, several.threshold));
                report.print(sets.accuracy(), sets.accuracyMeasure(), other == null ? null : other.accuracyMeasure());
            } else {
                Labels labels = files.given(file -> files.labels(file.labels()));
                report.sign("segments", labels.size())
                        .sign("labels", labels.names().size());
                Labels other = files.baseline(file -> files.labels(file.labels()));
                report.print(
                        labels.accuracy(), labels.accuracyMeasure(), other == null ? null : other.accuracyMeasure());
            }
            return 0;
        }
    }

    @Command(
            name = "mcc",
            mixinStandardHelpOptions = true,
            description = "Matthews' correlation coefficient of two or more labels, from -1 to 1.",
            footerHeading = "%nExample:%n",
            footer = "  heed score mcc out.jsonl#labels gold.txt")
    static final class MatthewsCommand implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        private Files files = new Files();

        @Override
        public Integer call() throws IOException {
            Labels labels = files.given(file -> files.labels(file.labels()));
            Labels other = files.baseline(file -> files.labels(file.labels()));
            new ScoreReport(files.options, spec.commandLine().getOut(), "MCC", 4)
                    .sign("segments", labels.size())
                    .sign("labels", labels.names().size())
                    .print(labels.matthews(), labels.matthewsMeasure(), other == null ? null : other.matthewsMeasure());
            return 0;
        }
    }

    @Command(
            name = "f1",
            mixinStandardHelpOptions = true,
            description = "Precision, recall and F1 of every label and their average.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  heed score f1 out.jsonl#labels gold.txt --positive spam",
                "  heed score f1 out.jsonl#labels gold.jsonl#labels --multi-label --average micro"
            })
    static final class F1Command implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        private Files files = new Files();

        @Mixin
        private Several several = new Several();

        @Option(
                names = "--average",
                paramLabel = "macro|micro|weighted",
                description = "macro: the mean over labels; micro: of all decisions together; weighted: the mean over"
                        + " labels by how often they are right. Default: macro")
        private Average average = Average.MACRO;

        @Option(names = "--positive", paramLabel = "LABEL", description = "The F1 of this label instead.")
        private @Nullable String positive;

        @Override
        public Integer call() throws IOException {
            ToDoubleFunction<LabelReport> score = found -> positive == null
                    ? found.f1(average)
                    : found.labels()
                            .getOrDefault(positive, new LabelCounts(0, 0, 0))
                            .f1();
            if (several.multiLabel) {
                LabelSets sets = files.given(file -> files.labelSets(file, several.threshold));
                LabelSets other = files.baseline(file -> files.labelSets(file, several.threshold));
                print(
                        sets.report(),
                        sets.given().size(),
                        score,
                        sets.reportMeasure(score),
                        other == null ? null : other.reportMeasure(score));
            } else {
                Labels labels = files.given(file -> files.labels(file.labels()));
                Labels other = files.baseline(file -> files.labels(file.labels()));
                print(
                        labels.report(),
                        labels.size(),
                        score,
                        labels.reportMeasure(score),
                        other == null ? null : other.reportMeasure(score));
            }
            return 0;
        }

        private void print(
                LabelReport found,
                int segments,
                ToDoubleFunction<LabelReport> score,
                Measure measure,
                @Nullable Measure baseline) {
            ScoreReport report =
                    new ScoreReport(files.options, spec.commandLine().getOut(), "F1", 4);
            double precision;
            double recall;
            if (positive == null) {
                precision = found.precision(average);
                recall = found.recall(average);
                report.sign("average", average.name().toLowerCase(Locale.ROOT));
            } else {
                precision = found.of(positive).precision();
                recall = found.of(positive).recall();
                report.sign("positive", positive);
            }
            report.sign("segments", segments)
                    .sign("labels", found.labels().size())
                    .verbose("(precision " + files.options.number(precision, 4) + ", recall "
                            + files.options.number(recall, 4) + ")")
                    .detail("precision", precision)
                    .detail("recall", recall)
                    .detail("by_label", byLabel(found));
            report.print(score.applyAsDouble(found), measure, baseline);
            report.table(rows(found));
        }

        private static Map<String, Object> byLabel(LabelReport found) {
            Map<String, Object> all = new LinkedHashMap<>();
            found.labels().forEach((label, counts) -> {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("precision", counts.precision());
                one.put("recall", counts.recall());
                one.put("f1", counts.f1());
                one.put("support", (long) counts.support());
                all.put(label, one);
            });
            return all;
        }

        private List<List<String>> rows(LabelReport found) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("label", "precision", "recall", "F1", "support"));
            found.labels()
                    .forEach((label, counts) -> rows.add(List.of(
                            label,
                            files.options.number(counts.precision(), 4),
                            files.options.number(counts.recall(), 4),
                            files.options.number(counts.f1(), 4),
                            String.valueOf((long) counts.support()))));
            return rows;
        }
    }
}
