package heed.claims;

import heed.chart.Axis;
import heed.chart.LineChart;
import heed.chart.LineChart.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A chart of accuracy over what examinations are about, with what guessing gives.
final class Accuracy {
    private final String title;
    private final Drill drill;
    private final String about;
    private final List<Line> lines = new ArrayList<>();

    Accuracy(String title, Drill drill, String about) {
        this.title = title;
        this.drill = drill;
        this.about = about;
    }

    Accuracy with(String name, List<Spread> spreads) {
        lines.add(new Line(
                name, numbers(), spreads.stream().mapToDouble(Spread::median).toArray()));
        return this;
    }

    /// Something simple that learns nothing.
    Accuracy beside(String name, double... shares) {
        lines.add(new Line(name, numbers(), shares, true));
        return this;
    }

    LineChart chart() {
        double[] chance = new double[drill.examinations()];
        Arrays.fill(chance, drill.chance());
        beside("chance", chance);
        return new LineChart(title, Axis.logarithmic(about), Axis.linear("share of right answers"), lines);
    }

    private double[] numbers() {
        return IntStream.range(0, drill.examinations())
                .mapToDouble(drill::about)
                .toArray();
    }
}
