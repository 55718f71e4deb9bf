package heed.moderation;

import heed.moderation.Evaluation.Evasion;
import heed.moderation.Evaluation.Result;
import heed.score.Bootstrap.Interval;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// An evaluation as one file of HTML, with its curves; it asks nobody else.
final class EvaluationPage {
    private static final int SIDE = 220;

    private static final String STYLE = """
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }
            table { border-collapse: collapse; margin: 1rem 0 } th, td { padding: .2rem .8rem .2rem 0; text-align: right }
            th:first-child, td:first-child { text-align: left } thead { border-bottom: 1px solid #888 }
            svg { margin-right: 2rem } .bar { fill: #2a6fbb } .bare { fill: #bbb } path { fill: none; stroke: #2a6fbb; stroke-width: 2 }
            .frame { fill: none; stroke: #888 } text { font-size: 12px; fill: currentColor }
            @media (prefers-color-scheme: dark) { body { color: #e8e8e8; background: #161616 } .bare { fill: #666 } path { stroke: #7ab3ef } .bar { fill: #7ab3ef } }
            """;

    private final StringBuilder html = new StringBuilder();

    private EvaluationPage() {}

    static String html(String model, String policy, List<Result> results) {
        EvaluationPage page = new EvaluationPage();
        page.add(
                "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Evaluation of %s</title>"
                        + "<meta name=\"viewport\" content=\"width=device-width\"><style>%s</style></head><body>\n"
                        + "<h1>%s</h1><p>Held against policy %s.</p>\n",
                escaped(model), STYLE, escaped(model), escaped(policy));
        results.forEach(page::addResult);
        return page.html.append("</body></html>\n").toString();
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation is no part of this project
    private void add(String format, Object... values) {
        html.append(String.format(Locale.ROOT, format, values));
    }

    private void addResult(Result result) {
        add(
                "<h2>%s</h2>\n<p>%d of %d comments have it.</p>\n",
                escaped(result.label()), result.positives(), result.comments());
        Interval interval = result.rocInterval();
        String range = interval == null
                ? ""
                : String.format(Locale.ROOT, " (95 %%: %.4f to %.4f)", interval.low(), interval.high());
        add("<table><tbody><tr><td>ROC-AUC</td><td>%.4f%s</td></tr>", result.rocAuc(), range);
        add("<tr><td>average precision</td><td>%.4f</td></tr>", result.averagePrecision());
        add(
                "<tr><td>from %.4f on: precision, recall, F1</td><td>%.3f, %.3f, %.3f</td></tr>",
                result.threshold(), result.precision(), result.recall(), result.f1());
        add("<tr><td>false positives</td><td>%.4f</td></tr>", result.falsePositiveRate());
        add("<tr><td>calibration error</td><td>%.4f</td></tr></tbody></table>\n", result.calibrationError());
        html.append("<p>");
        addCurve("recall", "precision", result, Curve.Point::recall, Curve.Point::precision);
        addCurve("false positives", "recall", result, Curve.Point::falsePositiveRate, Curve.Point::recall);
        html.append("</p>\n");
        addTerms(result);
        addEvasion(result);
    }

    private void addCurve(
            String across, String up, Result result, ToDoubleFunction<Curve.Point> x, ToDoubleFunction<Curve.Point> y) {
        add(
                "<svg width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s over %s\"><g transform=\"translate(20 10)\">"
                        + "<rect class=\"frame\" width=\"%d\" height=\"%d\"/><path d=\"",
                SIDE + 40, SIDE + 40, up, across, SIDE, SIDE);
        char command = 'M';
        for (Curve.Point point : result.curve().points()) {
            add("%c%.1f %.1f", command, SIDE * x.applyAsDouble(point), SIDE * (1 - y.applyAsDouble(point)));
            command = 'L';
        }
        add(
                "\"/><text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>"
                        + "<text x=\"%d\" y=\"-6\" transform=\"rotate(-90)\" text-anchor=\"middle\">%s</text></g></svg>",
                SIDE / 2, SIDE + 16, across, -SIDE / 2, up);
    }

    private void addTerms(Result result) {
        if (result.perTerm().isEmpty()) {
            return;
        }
        html.append("<h3>Comments without the label that name somebody</h3>\n<table><thead><tr><th>term</th>"
                + "<th>comments</th><th>found all the same</th></tr></thead><tbody>");
        result.perTerm()
                .forEach((term, one) -> add(
                        "<tr><td>%s</td><td>%d</td><td>%.1f %%</td></tr>",
                        escaped(term), one.comments(), 100 * one.falsePositiveRate()));
        add(
                "<tr><td>all</td><td>%d</td><td>%.1f %%</td></tr></tbody></table>\n",
                result.comments() - result.positives(), 100 * result.falsePositiveRate());
    }

    private void addEvasion(Result result) {
        if (result.evasion().isEmpty()) {
            return;
        }
        add(
                "<h3>Words changed to get past</h3>\n<p>Of %d comments that were found, so many still are: with the normaliser,"
                        + " and (grey) without it. On average %.1f %% and %.1f %%.</p>\n<table><thead><tr><th>change</th><th>words"
                        + "</th><th></th><th>with</th><th>without</th></tr></thead><tbody>",
                result.evasion().getFirst().comments(),
                100 * Evaluation.meanKept(result.evasion()).getOrDefault(true, 0.0),
                100 * Evaluation.meanKept(result.evasion()).getOrDefault(false, 0.0));
        Evaluation.byPerturbation(result.evasion()).values().forEach(some -> some.forEach(this::addBar));
        html.append("</tbody></table>\n");
    }

    private void addBar(Evasion one) {
        add(
                "<tr><td>%s</td><td>%.0f %%</td><td><svg width=\"150\" height=\"14\" aria-hidden=\"true\">"
                        + "<rect class=\"bar\" width=\"%.0f\" height=\"6\"/><rect class=\"bare\" y=\"7\" width=\"%.0f\""
                        + " height=\"6\"/></svg></td><td>%.1f %%</td><td>%.1f %%</td></tr>",
                one.perturbation().description(),
                100 * one.severity(),
                150 * one.kept(),
                150 * one.keptWithout(),
                100 * one.kept(),
                100 * one.keptWithout());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
