package heed.recipe;

import heed.chart.Axis;
import heed.chart.LineChart;
import heed.chart.LineChart.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Losses by step, as they come.
final class LossCurve {
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
        String reached = validation.isEmpty()
                ? "validation"
                : String.format(Locale.ROOT, "validation %.4f", validation.getLast().loss);
        return new LineChart(
                        title,
                        Axis.linear("step"),
                        Axis.linear("loss"),
                        List.of(line("training", training, true), line(reached, validation, false)))
                .svg();
    }

    private static Line line(String name, List<Point> points, boolean faint) {
        return new Line(
                name,
                points.stream().mapToDouble(Point::step).toArray(),
                points.stream().mapToDouble(Point::loss).toArray(),
                faint);
    }
}
