package heed.lens.senses;

import heed.score.Bootstrap.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What was found of a model and what it is compared with, for the terminal.
public record SenseReportText(SenseReport report) {
    public String text() {
        StringBuilder text = new StringBuilder();
        Tally chosen = report.chosen();
        text.append(String.format(
                Locale.ROOT,
                "%s: %,d words, %,d examples, each held out in turn; %s%n%n",
                report.data().name(),
                report.data().words().size(),
                report.data().words().stream()
                        .mapToInt(word -> word.examples().size())
                        .sum(),
                report.model()));
        text.append("told right, 95 %% interval over %s%n"
                .formatted(report.data().words().size() == 1 ? "examples" : "words"));
        text.append(String.format(Locale.ROOT, "  %5.1f %%  guessing%n", 100 * report.chance()));
        report.tallies().stream().filter(tally -> tally.layer() < 0).forEach(tally -> text.append(line(tally)));
        text.append(line(chosen)).append('\n').append(layers());
        text.append('\n');
        for (SenseReport.Compared compared : report.comparisons()) {
            Interval difference = compared.comparison().difference();
            text.append(String.format(
                    Locale.ROOT,
                    "%+5.1f points (%+.1f to %+.1f) beside %s%n",
                    100 * (chosen.accuracy() - compared.baseline().accuracy()),
                    100 * difference.low(),
                    100 * difference.high(),
                    named(compared.baseline())));
        }
        return text.toString();
    }

    private static String named(Tally tally) {
        return tally.method()
                + (tally.layer() < 0 ? "" : " (layer " + tally.layer() + ")")
                + (tally.detail().isEmpty() ? "" : ", " + tally.detail());
    }

    private static String line(Tally tally) {
        Interval interval = tally.interval();
        return String.format(
                Locale.ROOT,
                "  %5.1f %%  (%.1f–%.1f)  %s%n",
                100 * tally.accuracy(),
                100 * interval.low(),
                100 * interval.high(),
                named(tally));
    }

    /// A row for each layer, a column for each method and rule that has layers.
    private String layers() {
        List<String> columns = new ArrayList<>();
        report.tallies().stream()
                .filter(tally -> tally.layer() >= 0)
                .map(SenseReportText::column)
                .distinct()
                .forEach(columns::add);
        StringBuilder text = new StringBuilder("layer");
        columns.forEach(column -> text.append("  ").append(column));
        text.append('\n');
        int layers = report.tallies().stream().mapToInt(Tally::layer).max().orElse(0);
        for (int layer = 0; layer <= layers; layer++) {
            text.append("%5d".formatted(layer));
            for (String column : columns) {
                text.append(String.format(
                        Locale.ROOT, "  %" + (column.length() - 2) + ".1f %%", 100 * accuracy(column, layer)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String column(Tally tally) {
        return tally.method().equals(SenseReport.TRAINED) ? tally.detail() : tally.method() + ", " + tally.detail();
    }

    /// The mean over seeds.
    private double accuracy(String column, int layer) {
        return report.tallies().stream()
                .filter(tally -> tally.layer() == layer && column(tally).equals(column))
                .mapToDouble(Tally::accuracy)
                .average()
                .orElse(Double.NaN);
    }
}
