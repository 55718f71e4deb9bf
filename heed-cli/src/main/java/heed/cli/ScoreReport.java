package heed.cli;

import heed.score.Bootstrap;
import heed.score.Measure;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Prints a score with what makes it comparable (the signature), and how sure it is, as text or as JSON.
final class ScoreReport {
    private final ScoreFormat format;
    private final @Nullable ScoreOptions resampling;
    private final PrintWriter out;
    private final String name;
    private final int usualWidth;
    private final Map<String, Object> signature = new LinkedHashMap<>();
    private final Map<String, Object> details = new LinkedHashMap<>();
    private String verbose = "";

    /// @param usualWidth digits behind the point unless the options say otherwise
    ScoreReport(ScoreOptions options, PrintWriter out, String name, int usualWidth) {
        this(options.format(), options, out, name, usualWidth);
    }

    /// A score that cannot be taken of single segments.
    ScoreReport(ScoreFormat format, PrintWriter out, String name, int usualWidth) {
        this(format, null, out, name, usualWidth);
    }

    private ScoreReport(
            ScoreFormat format, @Nullable ScoreOptions resampling, PrintWriter out, String name, int usualWidth) {
        this.format = format;
        this.resampling = resampling;
        this.out = out;
        this.name = name;
        this.usualWidth = usualWidth;
    }

    /// Adds to what must be said beside the score.
    ScoreReport sign(String key, Object value) {
        signature.put(key, value);
        return this;
    }

    /// What is written behind the score.
    ScoreReport verbose(String text) {
        verbose = text;
        return this;
    }

    /// A field of the JSON alone.
    ScoreReport detail(String key, Object value) {
        details.put(key, value);
        return this;
    }

    /// @param measure of all segments, for intervals and comparisons
    /// @param baseline of another system; null for none
    void print(double score, Measure measure, @Nullable Measure baseline) {
        if (resampling != null && baseline != null) {
            Bootstrap bootstrap = resampling.bootstrap();
            compare(bootstrap.compare(measure, baseline), bootstrap);
        } else if (resampling != null && resampling.confidence()) {
            Bootstrap bootstrap = resampling.bootstrap();
            printLine(score, bootstrap.interval(measure), bootstrap);
        } else {
            print(score);
        }
    }

    /// A score that is no mean over segments.
    void print(double score) {
        printLine(score, null, null);
    }

    private void printLine(double score, Bootstrap.@Nullable Interval interval, @Nullable Bootstrap by) {
        if (format.json()) {
            Map<String, Object> line = begin(score, by);
            if (interval != null) {
                line.put("confidence", fields(interval));
            }
            line.putAll(details);
            out.println(Json.line(line));
        } else {
            out.println(name + "|" + signed(by) + " = " + number(score) + (interval == null ? "" : sure(interval))
                    + (verbose.isEmpty() ? "" : " " + verbose));
        }
    }

    private void compare(Bootstrap.Comparison found, Bootstrap by) {
        if (format.json()) {
            Map<String, Object> line = begin(found.score(), by);
            line.put("confidence", fields(found.interval()));
            line.put("baseline_score", found.baselineScore());
            line.put("baseline_confidence", fields(found.baselineInterval()));
            line.put("difference", found.score() - found.baselineScore());
            line.put("difference_confidence", fields(found.difference()));
            line.put("wins", found.wins());
            line.put("p_value", found.pValue());
            line.putAll(details);
            out.println(Json.line(line));
            return;
        }
        String about = name + "|" + signed(by) + " = ";
        out.println("baseline  " + about + number(found.baselineScore()) + sure(found.baselineInterval()));
        out.println("system    " + about + number(found.score()) + sure(found.interval())
                + (verbose.isEmpty() ? "" : " " + verbose));
        double difference = found.score() - found.baselineScore();
        out.println(String.format(
                Locale.ROOT,
                "difference = %s%s, 95%% of samples from %s to %s; the system wins %.1f%% of %d samples; p = %.4f",
                difference >= 0 ? "+" : "",
                number(difference),
                number(found.difference().low()),
                number(found.difference().high()),
                100 * found.wins(),
                by.samples(),
                found.pValue()));
    }

    private Map<String, Object> begin(double score, @Nullable Bootstrap by) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", name);
        line.put("score", score);
        line.put("signature", signed(by));
        if (!verbose.isEmpty()) {
            line.put("verbose_score", verbose);
        }
        return line;
    }

    private String signed(@Nullable Bootstrap by) {
        Map<String, Object> all = new LinkedHashMap<>(signature);
        if (by != null) {
            all.put("bs", by.samples());
            all.put("seed", by.seed());
        }
        all.put("version", "heed-" + Version.text());
        return all.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining("|"));
    }

    private String sure(Bootstrap.Interval interval) {
        return " (μ = " + number(interval.mean()) + " ± " + number(interval.halfWidth()) + ")";
    }

    private String number(double value) {
        return format.number(value, usualWidth);
    }

    private static Map<String, Object> fields(Bootstrap.Interval interval) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("mean", interval.mean());
        fields.put("low", interval.low());
        fields.put("high", interval.high());
        return fields;
    }

    /// Scores of single segments, a line each.
    void printEach(double[] scores) {
        for (int i = 0; i < scores.length; i++) {
            out.println(
                    format.json()
                            ? Json.line(new LinkedHashMap<>(Map.of("segment", i + 1, "score", scores[i])))
                            : number(scores[i]));
        }
    }

    /// A table under a score, in text.
    void table(List<List<String>> rows) {
        if (!format.json()) {
            int[] widths = new int[rows.getFirst().size()];
            rows.forEach(row -> {
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = Math.max(widths[i], row.get(i).length());
                }
            });
            for (List<String> row : rows) {
                StringBuilder line = new StringBuilder();
                for (int i = 0; i < widths.length; i++) {
                    String pad = " ".repeat(widths[i] - row.get(i).length());
                    line.append("  ").append(i == 0 ? row.get(i) + pad : pad + row.get(i));
                }
                out.println(line.toString().stripTrailing());
            }
        }
    }
}
