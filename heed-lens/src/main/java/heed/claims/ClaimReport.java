package heed.claims;

import static heed.chart.Markup.escaped;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Results as one HTML page that needs nothing else: what was claimed, whether it held, and the lesson in it.
///
/// @param claims that the results are of
public record ClaimReport(List<ClaimResult> results, Claims claims) {
    public String html() {
        var page = new StringBuilder(1 << 16);
        page.append("""
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>The claims of the lectures, measured</title>
                <style>
                :root { color-scheme: light dark; --quiet: light-dark(#555, #aaa); --line: light-dark(#ddd, #444) }
                body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
                table { border-collapse: collapse; font-size: 0.85rem } .wide { overflow-x: auto }
                th, td { text-align: left; padding: 0.2rem 0.8rem 0.2rem 0; border-bottom: 1px solid var(--line);
                vertical-align: top }
                section { border-top: 1px solid var(--line); margin-top: 2.5rem } svg { width: 100%; border-radius: 6px }
                .quiet { color: var(--quiet); font-size: 0.9rem } .yes::before { content: "✓ " }
                .no::before { content: "✗ " } blockquote { margin-left: 0; font-size: 1.1rem }
                summary { cursor: pointer }
                </style></head><body>
                <h1>The claims of the lectures, measured</h1>
                <p>Each rule was written before the run. “Not confirmed” is a result like any other.</p>
                <table><thead><tr><th>claim</th><th>result</th><th>what was found</th></tr></thead><tbody>
                """);
        for (ClaimResult result : results) {
            page.append("<tr><td><a href=\"#%1$s\">%1$s</a></td><td>%2$s</td><td>%3$s</td></tr>\n"
                    .formatted(escaped(result.name()), verdict(result), escaped(result.summary())));
        }
        page.append("</tbody></table>\n");
        results.forEach(result -> section(result, page));
        return page.append("</body></html>\n").toString();
    }

    private static String verdict(ClaimResult result) {
        return "<span class=\"%s\">%s</span>".formatted(result.confirmed() ? "yes" : "no", result.verdict());
    }

    private void section(ClaimResult result, StringBuilder page) {
        Lesson lesson = claims.named(result.name()).lesson();
        page.append("""
                <section id="%s"><h2>%s</h2>
                <p>%s</p>
                <blockquote>%s</blockquote>
                <p><b>Rule.</b> %s</p><p><b>Found</b> (%s). %s</p>
                """.formatted(
                        escaped(result.name()),
                        escaped(lesson.question()),
                        escaped(lesson.answer()),
                        escaped(result.statement()),
                        escaped(result.rule()),
                        verdict(result),
                        escaped(result.summary())));
        result.pictures().forEach(page::append);
        result.tables().forEach(table -> table(table, page));
        page.append("<p class=\"quiet\">heed claims run %s · %s</p></section>\n"
                .formatted(escaped(result.name()), escaped(conditions(result.conditions()))));
    }

    private static String conditions(Map<String, Object> conditions) {
        return conditions.entrySet().stream()
                .map(entry -> entry.getKey() + " " + Table.shown(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static void table(Table table, StringBuilder page) {
        page.append("<details><summary>")
                .append(escaped(table.name()))
                .append(", ")
                .append(table.rows().size());
        page.append(" rows</summary><div class=\"wide\"><table><thead>").append(row(table.columns(), "th"));
        page.append("</thead><tbody>");
        table.rows().forEach(row -> page.append(row(row, "td")));
        page.append("</tbody></table></div></details>\n");
    }

    private static String row(List<?> values, String tag) {
        return values.stream()
                .map(value -> "<" + tag + ">" + escaped(Table.shown(value)) + "</" + tag + ">")
                .collect(Collectors.joining("", "<tr>", "</tr>\n"));
    }
}
