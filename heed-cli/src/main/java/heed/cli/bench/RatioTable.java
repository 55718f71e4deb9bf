package heed.cli.bench;

import heed.cli.bench.Match.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// [Ratios] as lines of a table, for a terminal or for Markdown.
final class RatioTable {
    private static final String TEXT = "%-76s %-22s %8s %7s %8s  %s";

    private RatioTable() {}

    static List<String> header(boolean markdown, int rounds) {
        String ratios = rounds == 1 ? "ratio" : "ratios of " + rounds + " rounds";
        return markdown
                ? List.of("| work | " + ratios + " | median | spread | goal | |", "|---|---|---|---|---|---|")
                : List.of(String.format(Locale.ROOT, TEXT, "work", ratios, "median", "spread", "goal", ""));
    }

    static String line(Ratios ratios, boolean markdown, int rounds) {
        String goal = (ratios.row().kind() == Kind.SECONDS ? "≤ " : "≥ ")
                + ratios.row().goal();
        if (ratios.empty()) {
            return markdown
                    ? "| " + ratios.row().work() + " | | | | " + goal + " | not measured: " + ratios.failure() + " |"
                    : String.format(
                            Locale.ROOT,
                            TEXT,
                            ratios.row().work(),
                            "",
                            "",
                            "",
                            goal,
                            "not measured: " + ratios.failure());
        }
        String all =
                Arrays.stream(ratios.ratios()).mapToObj(RatioTable::twoDecimals).collect(Collectors.joining(" / "));
        String median = twoDecimals(ratios.median());
        String spread = rounds == 1 ? "" : Math.round(100 * ratios.spread()) + " %";
        String met = ratios.met() ? "met" : "missed";
        return markdown
                ? "| " + String.join(" | ", ratios.row().work(), all, "**" + median + "**", spread, goal, met) + " |"
                : String.format(Locale.ROOT, TEXT, ratios.row().work(), all, median, spread, goal, met);
    }

    private static String twoDecimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
