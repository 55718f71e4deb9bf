package heed.chart;

import static heed.chart.Markup.escaped;

import heed.chart.Axis.Range;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Lines in a plane. Each has its name at its end, a colour that people who confuse some colours tell apart
/// (Okabe and Ito 2008), and a dash of its own, so nothing is told by colour alone.
public record LineChart(String title, Axis x, Axis y, List<Line> lines) {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int TOP = 46;
    private static final int BOTTOM = HEIGHT - 54;
    private static final int LETTER = 7;
    private static final int LINE_HEIGHT = 16;
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#a87000", "#3d7ea6");
    private static final List<String> DASHES = List.of("none", "7 3", "2 3", "9 3 2 3", "12 4", "4 2");

    /// @param faint whether it is drawn thin, as what others are compared with
    @SuppressWarnings("ArrayRecordComponent") // whoever makes a chart hands its numbers over
    public record Line(String name, double[] x, double[] y, boolean faint) {
        public Line {
            if (x.length != y.length) {
                throw new IllegalArgumentException(
                        "the line '" + name + "' has " + x.length + " x and " + y.length + " y");
            }
        }

        public Line(String name, double[] x, double[] y) {
            this(name, x, y, false);
        }
    }

    public LineChart {
        lines = lines.stream().filter(line -> line.x.length > 0).toList();
    }

    /// One SVG file, which needs nothing else.
    public String svg() {
        var svg = new StringBuilder(4096);
        svg.append(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
                <style>
                svg { background: #fff; font: 13px system-ui, sans-serif; fill: #333 }
                path { fill: none; stroke-linejoin: round; stroke-width: 2 }
                .grid { stroke: #e4e4e4; stroke-width: 1 } .faint { stroke-width: 1; opacity: 0.6 }
                </style>
                <text x="%d" y="24" font-size="15">%s</text>
                """, WIDTH, HEIGHT, escaped(title), LEFT, escaped(title)));
        if (!lines.isEmpty()) {
            draw(svg);
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg) {
        int names = lines.stream().mapToInt(line -> line.name.length()).max().orElse(0);
        int right = WIDTH - 20 - LETTER * names;
        Range across = x.range(least(line -> smallest(line.x)), most(line -> largest(line.x)));
        Range up = y.range(least(line -> smallest(line.y)), most(line -> largest(line.y)));
        for (double tick : up.ticks()) {
            double place = BOTTOM - (BOTTOM - TOP) * up.place(tick);
            svg.append(String.format(
                    Locale.ROOT,
                    "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                    LEFT,
                    place,
                    right,
                    LEFT - 8,
                    place + 4,
                    Axis.label(tick)));
        }
        for (double tick : across.ticks()) {
            double place = LEFT + (right - LEFT) * across.place(tick);
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    place,
                    BOTTOM + 20,
                    Axis.label(tick)));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>"
                        + "<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>%n",
                (LEFT + right) / 2,
                HEIGHT - 12,
                escaped(x.name()),
                (TOP + BOTTOM) / 2,
                escaped(y.name())));
        double[] ends = lines.stream()
                .mapToDouble(line -> BOTTOM - (BOTTOM - TOP) * up.place(line.y[line.y.length - 1]))
                .toArray();
        double[] places = apart(ends);
        for (int i = 0; i < lines.size(); i++) {
            svg.append(path(i, across, up, right));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%.1f\" style=\"fill:%s\">%s</text>%n",
                    right + 8,
                    places[i] + 4,
                    COLOURS.get(i % COLOURS.size()),
                    escaped(lines.get(i).name)));
        }
    }

    private String path(int index, Range across, Range up, int right) {
        Line line = lines.get(index);
        var path = new StringBuilder();
        for (int i = 0; i < line.x.length; i++) {
            path.append(String.format(
                    Locale.ROOT,
                    "%s%.1f %.1f",
                    i == 0 ? "M" : "L",
                    LEFT + (right - LEFT) * across.place(line.x[i]),
                    BOTTOM - (BOTTOM - TOP) * up.place(line.y[i])));
        }
        return String.format(
                Locale.ROOT,
                "<path%s style=\"stroke:%s;stroke-dasharray:%s\" d=\"%s\"/>%n",
                line.faint ? " class=\"faint\"" : "",
                COLOURS.get(index % COLOURS.size()),
                DASHES.get(dash(index) % DASHES.size()),
                path);
    }

    /// Thin lines are whole, and so is the first that is not thin.
    private int dash(int index) {
        return lines.get(index).faint
                ? 0
                : (int) lines.stream().limit(index).filter(line -> !line.faint).count();
    }

    /// Names that do not cover each other: each as near to its line's end as those above leave it.
    private static double[] apart(double[] ends) {
        double[] places = ends.clone();
        int[] order = IntStream.range(0, ends.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> ends[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double free = Double.NEGATIVE_INFINITY;
        for (int i : order) {
            places[i] = Math.max(ends[i], free);
            free = places[i] + LINE_HEIGHT;
        }
        double over = Math.max(0, free - LINE_HEIGHT - BOTTOM);
        for (int i = 0; i < places.length; i++) {
            places[i] -= over;
        }
        return places;
    }

    private double least(ToDoubleFunction<Line> of) {
        return lines.stream().mapToDouble(of).min().orElse(0);
    }

    private double most(ToDoubleFunction<Line> of) {
        return lines.stream().mapToDouble(of).max().orElse(1);
    }

    private static double smallest(double[] values) {
        return Arrays.stream(values).min().orElse(0);
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).max().orElse(1);
    }
}
