package heed.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Losses by step, drawn as one SVG file that needs nothing else.
final class LossCurve {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 60;
    private static final int TOP = 46;
    private static final int BOTTOM = HEIGHT - 46;
    private static final int RIGHT = WIDTH - 24;

    private record Point(long step, double loss) {}

    private final List<Point> training = new ArrayList<>();
    private final List<Point> validation = new ArrayList<>();

    void addTraining(long step, double loss) {
        training.add(new Point(step, loss));
    }

    void addValidation(long step, double loss) {
        validation.add(new Point(step, loss));
    }

    String svg(String title) {
        StringBuilder svg = new StringBuilder(4096);
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
                <style>
                svg { background: #fff; font: 13px system-ui, sans-serif; fill: #333 }
                path { fill: none; stroke-linejoin: round }
                .grid { stroke: #e4e4e4 } .training { stroke: #7aa6d8; stroke-width: 1.2 }
                .validation { stroke: #c4462a; stroke-width: 2.2 }
                </style>
                <text x="%d" y="24" font-size="15">%s</text>
                """.formatted(WIDTH, HEIGHT, escaped(title), LEFT, escaped(title)));
        if (training.isEmpty() && validation.isEmpty()) {
            return svg.append("</svg>\n").toString();
        }
        List<Point> all = new ArrayList<>(training);
        all.addAll(validation);
        double least = all.stream().mapToDouble(Point::loss).min().orElse(0);
        double most = all.stream().mapToDouble(Point::loss).max().orElse(1);
        long last = Math.max(1, all.stream().mapToLong(Point::step).max().orElse(1));
        double tick = tick(most - least);
        double low = Math.floor(least / tick) * tick;
        double high = Math.max(Math.ceil(most / tick) * tick, low + tick);
        for (double loss = low; loss <= high + tick / 2; loss += tick) {
            double y = y(loss, low, high);
            svg.append(String.format(Locale.ROOT, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, y, RIGHT))
                    .append(String.format(
                            Locale.ROOT,
                            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>%n",
                            LEFT - 8,
                            y + 4,
                            loss));
        }
        for (int i = 0; i <= 4; i++) {
            long step = last * i / 4;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
                    x(step, last),
                    BOTTOM + 20,
                    step));
        }
        svg.append(path("training", training, last, low, high)).append(path("validation", validation, last, low, high));
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"24\" text-anchor=\"end\"><tspan fill=\"#7aa6d8\">training</tspan>"
                        + "  <tspan fill=\"#c4462a\">validation</tspan>%s</text>%n",
                RIGHT,
                validation.isEmpty() ? "" : String.format(Locale.ROOT, " %.4f", validation.getLast().loss)));
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">step</text>%n</svg>%n",
                (LEFT + RIGHT) / 2,
                HEIGHT - 8));
        return svg.toString();
    }

    private static String path(String kind, List<Point> points, long last, double low, double high) {
        if (points.isEmpty()) {
            return "";
        }
        StringBuilder path = new StringBuilder("<path class=\"" + kind + "\" d=\"");
        for (int i = 0; i < points.size(); i++) {
            path.append(String.format(
                    Locale.ROOT,
                    "%s%.1f %.1f",
                    i == 0 ? "M" : "L",
                    x(points.get(i).step, last),
                    y(points.get(i).loss, low, high)));
        }
        return path.append("\"/>\n").toString();
    }

    private static double x(long step, long last) {
        return LEFT + (double) (RIGHT - LEFT) * step / last;
    }

    private static double y(double loss, double low, double high) {
        return BOTTOM - (BOTTOM - TOP) * (loss - low) / (high - low);
    }

    /// A round distance of grid lines, about five of them.
    private static double tick(double range) {
        double raw = Math.max(range, 1e-6) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double share = raw / power;
        return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
