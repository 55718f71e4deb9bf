package heed.lens.senses;

import static heed.chart.Markup.escaped;

import heed.corpus.Occurrence;
import java.util.List;
import java.util.Locale;

/// A word in many sentences as points of a plane, with the sentences below. Each label has a colour that people
/// who confuse some colours tell apart (Okabe and Ito 2008), and its name stands with every sentence.
///
/// @param layer 0 for the embeddings
public record SenseSvg(WordInContexts contexts, int layer) {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 430;
    private static final int EDGE = 40;
    private static final int LINE = 18;
    private static final int MOST_SENTENCES = 60;
    static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#a87000", "#3d7ea6", "#555555");

    public String svg() {
        int shown = Math.min(contexts.size(), MOST_SENTENCES);
        int height = HEIGHT + 40 + LINE * (shown + (shown < contexts.size() ? 1 : 0));
        StringBuilder svg =
                new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
                <style>svg { background: #fff; font: 13px system-ui, sans-serif; fill: #333 } .word { font-weight: 700 }
                circle { stroke: #fff } .number { fill: #fff; font-size: 11px; text-anchor: middle }</style>
                <text x="20" y="26" font-size="15">%s</text>
                """, WIDTH, height, escaped(title()), escaped(title())));
        PrincipalAxes plane = contexts.planes().get(layer);
        double[][] places = places(plane.points());
        for (int i = 0; i < contexts.size(); i++) {
            svg.append(point(i, places[i][0], places[i][1]));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"20\" y=\"%d\" fill=\"#666\">The two directions in which the vectors differ most: %.0f %% and"
                        + " %.0f %% of their variance.</text>%n",
                HEIGHT + 8,
                100 * plane.shares()[0],
                100 * plane.shares()[1]));
        for (int i = 0; i < shown; i++) {
            svg.append(sentence(i, HEIGHT + 38 + LINE * i));
        }
        if (shown < contexts.size()) {
            svg.append("<text x=\"20\" y=\"%d\">and %d more</text>%n"
                    .formatted(HEIGHT + 38 + LINE * shown, contexts.size() - shown));
        }
        return svg.append("</svg>\n").toString();
    }

    private String title() {
        return contexts.word() + " in " + contexts.size() + " sentences, " + contexts.model() + ", layer " + layer;
    }

    /// Points in the picture; equal steps on both axes.
    private static double[][] places(double[][] points) {
        double most = 1e-9;
        for (double[] point : points) {
            most = Math.max(most, Math.max(Math.abs(point[0]) * HEIGHT / WIDTH, Math.abs(point[1])));
        }
        double[][] places = new double[points.length][2];
        for (int i = 0; i < points.length; i++) {
            places[i][0] = WIDTH / 2.0 + points[i][0] / most * (HEIGHT / 2.0 - EDGE);
            places[i][1] = (HEIGHT + EDGE) / 2.0 - points[i][1] / most * (HEIGHT / 2.0 - EDGE);
        }
        return places;
    }

    private String colour(int i) {
        int label = contexts.distinctLabels().indexOf(contexts.labels().get(i));
        return COLOURS.get(label < 0 ? COLOURS.size() - 1 : label % COLOURS.size());
    }

    private String point(int i, double x, double y) {
        return String.format(
                Locale.ROOT,
                "<g><title>%s</title><circle cx=\"%.1f\" cy=\"%.1f\" r=\"10\" fill=\"%s\"/>"
                        + "<text class=\"number\" x=\"%.1f\" y=\"%.1f\">%d</text></g>%n",
                escaped(contexts.occurrence(i).text()),
                x,
                y,
                colour(i),
                x,
                y + 4,
                i + 1);
    }

    private String sentence(int i, int y) {
        Occurrence occurrence = contexts.occurrence(i);
        String around = SenseText.around(occurrence);
        int open = around.indexOf('[' + occurrence.form() + ']');
        String label = contexts.labels().get(i);
        return "<text x=\"20\" y=\"%d\"><tspan style=\"fill:%s\" class=\"word\">%d%s</tspan> %s<tspan class=\"word\">%s</tspan>%s</text>%n"
                .formatted(
                        y,
                        colour(i),
                        i + 1,
                        label.isEmpty() ? "" : " " + escaped(label),
                        escaped(around.substring(0, open)),
                        escaped(occurrence.form()),
                        escaped(around.substring(open + occurrence.form().length() + 2)));
    }
}
