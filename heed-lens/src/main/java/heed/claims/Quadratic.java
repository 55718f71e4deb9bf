package heed.claims;

import heed.attention.Attention;
import heed.attention.FusedAttention;
import heed.attention.Heads;
import heed.attention.MultiHeadAttention;
import heed.attention.Scoring;
import heed.chart.Axis;
import heed.chart.LineChart;
import heed.chart.LineChart.Line;
import heed.kernel.Activation;
import heed.layer.FeedForward;
import heed.layer.LayerNorm;
import heed.pass.Pass;
import heed.stack.EncoderLayer;
import heed.stack.NormPlacement;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.training.Initializer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Attention takes time that grows with the square of the length; the memory need not.
final class Quadratic implements Claim {
    private static final int HEADS = 4;
    private static final int WIDTH = 256;
    private static final int LAST = 4; // points that slopes are taken from

    /// What is measured.
    private enum What {
        MATRIX("attention by whole matrices", 4096),
        FUSED("fused attention", 1 << 14),
        LAYER("a whole layer, fused", 1 << 14);

        private final String shown;
        private final int longest;

        What(String shown, int longest) {
            this.shown = shown;
            this.longest = longest;
        }
    }

    @Override
    public String name() {
        return "quadratic";
    }

    @Override
    public String statement() {
        return "Attention costs time that grows with the square of the length of the text; memory need not.";
    }

    @Override
    public String rule() {
        return "With 4 heads of width 64, slopes of the last 4 doublings in logarithmic axes: the time of attention grows"
                + " with a slope between 1.8 and 2.2, by whole matrices (up to 4,096 tokens) and fused (up to 16,384);"
                + " its memory with a slope between 1.8 and 2.2 by whole matrices, and between 0.8 and 1.2 fused; and"
                + " within a whole layer attention takes less than half of the time for the shortest text and more"
                + " than half for the longest. No time counts that was taken while other programs had more than 5 %"
                + " of the processors.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "If every word looks at every other one, what does a text of twice the length cost?",
                "Four times the time: n words make n² pairs, and each must be scored. Not four times the memory: a"
                        + " fused attention goes through the keys in tiles, keeps a running maximum and sum, and never"
                        + " builds the matrix. In short texts the pairs hardly matter, for the other products of a"
                        + " layer grow only with n, and there are more of them until n is some multiple of the"
                        + " width.");
    }

    /// Points over the number of tokens.
    private record Points(List<Double> tokens, List<Double> seconds, List<Double> bytes) {
        Points() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        double timeSlope() {
            return Slope.ofLast(LAST, tokens.subList(tokens.size() - seconds.size(), tokens.size()), seconds);
        }

        double memorySlope() {
            return Slope.ofLast(LAST, tokens, bytes);
        }
    }

    @Override
    public Finding measure(Trial trial) {
        int shortest = trial.effort().choose(32, 128);
        Table.Builder table = Table.of("costs", "what", "tokens", "ms", "MB in use at once");
        Map<What, Points> found = new LinkedHashMap<>();
        double busy = 0;
        for (What what : What.values()) {
            Points points = new Points();
            int longest = trial.effort().choose(256, what.longest);
            for (int n = shortest; n <= longest; n *= 2) {
                int tokens = n;
                double[] cell = trial.cell(what.shown + ", " + n + " tokens", () -> measure(what, tokens, trial));
                Quiet.Measured time = Quiet.Measured.of(cell);
                points.tokens.add((double) n);
                points.bytes.add(cell[2]);
                if (time.undisturbed()) {
                    points.seconds.add(time.seconds());
                } else {
                    busy = Math.max(busy, time.others());
                }
                table.row(what.shown, n, time.undisturbed() ? (Object) (1e3 * time.seconds()) : "busy", cell[2] / 1e6);
            }
            found.put(what, points);
        }
        return busy > 0 ? disturbed(found, table, busy) : finding(found, table);
    }

    /// Median seconds, what other programs took, and bytes.
    private static double[] measure(What what, int n, Trial trial) {
        Runner runner = new Runner(what, n);
        Compute compute = trial.compute();
        double bytes = (double) Float.BYTES * runner.run(compute);
        double[] time = Quiet.time(() -> runner.run(compute), trial.effort()).numbers();
        return new double[] {time[0], time[1], bytes};
    }

    /// One thing that is measured, at one length.
    private static final class Runner {
        private final Sequences sequences;
        private final Heads heads = Heads.of(HEADS, WIDTH);
        private final Tensor input;
        private final Attention attention;
        private final @Nullable EncoderLayer layer;

        Runner(What what, int n) {
            Initializer draw = new Initializer(n);
            this.sequences = Sequences.single(n);
            this.input = draw.normal(1, n, WIDTH);
            this.attention = what == What.MATRIX ? new MatrixAttention() : new FusedAttention();
            this.layer = what == What.LAYER ? layer(heads, draw) : null;
        }

        private static EncoderLayer layer(Heads heads, Initializer draw) {
            return new EncoderLayer(
                    new MultiHeadAttention(
                            heads,
                            Reading.linear(draw, WIDTH, WIDTH),
                            Reading.linear(draw, WIDTH, WIDTH),
                            Reading.linear(draw, WIDTH, WIDTH),
                            Reading.linear(draw, WIDTH, WIDTH),
                            new FusedAttention()),
                    new LayerNorm(Initializer.constant(1, WIDTH), Tensor.zeros(WIDTH), 1e-5f),
                    new FeedForward(
                            Reading.linear(draw, 4 * WIDTH, WIDTH),
                            Activation.GELU_TANH,
                            Reading.linear(draw, WIDTH, 4 * WIDTH)),
                    new LayerNorm(Initializer.constant(1, WIDTH), Tensor.zeros(WIDTH), 1e-5f),
                    NormPlacement.BEFORE);
        }

        /// Floats of buffers that were in use at once at most.
        long run(Compute compute) {
            Pass pass = Pass.unwatched(compute);
            Scoring scoring = Scoring.self(sequences, heads);
            if (layer == null) {
                attention.attend(input, input, input, heads, scoring, pass);
            } else {
                layer.apply(input, scoring, pass);
            }
            long floats = compute.mostInUse();
            compute.reset();
            return floats;
        }
    }

    private static Finding disturbed(Map<What, Points> found, Table.Builder table, double busy) {
        return new Finding(
                false,
                "No times: other programs took %.0f %% of the processors; run it again when the machine is free."
                        .formatted(100 * busy),
                List.of(table.table()),
                List.of(memory(found)));
    }

    private static Finding finding(Map<What, Points> found, Table.Builder table) {
        Points matrix = points(found, What.MATRIX);
        Points fused = points(found, What.FUSED);
        Points layer = points(found, What.LAYER);
        List<Double> share = new ArrayList<>();
        for (int i = 0; i < layer.tokens.size(); i++) {
            share.add(Math.min(1, fused.seconds.get(i) / layer.seconds.get(i)));
        }
        boolean time = about(2, matrix.timeSlope()) && about(2, fused.timeSlope());
        boolean bytes = about(2, matrix.memorySlope()) && about(1, fused.memorySlope());
        boolean passes = share.getFirst() < 0.5 && share.getLast() > 0.5;
        Table.Builder slopes = Table.of("slopes", "what", "of time", "of memory");
        found.forEach((what, points) -> slopes.row(what.shown, points.timeSlope(), points.memorySlope()));
        return new Finding(
                time && bytes && passes,
                ("Attention by whole matrices: time grows with n to the power of %.2f, memory %.2f. Fused: time %.2f,"
                                + " memory %.2f. In a layer of width %d attention takes %.0f %% of the time of %,.0f"
                                + " tokens, %.0f %% of %,.0f, and half of it at %s.")
                        .formatted(
                                matrix.timeSlope(),
                                matrix.memorySlope(),
                                fused.timeSlope(),
                                fused.memorySlope(),
                                WIDTH,
                                100 * share.getFirst(),
                                layer.tokens.getFirst(),
                                100 * share.getLast(),
                                layer.tokens.getLast(),
                                crossing(layer.tokens, share)),
                List.of(table.table(), slopes.table()),
                List.of(
                        chart("Time", "seconds", found, true),
                        memory(found),
                        new LineChart(
                                "Attention's share of the time of a layer",
                                Axis.logarithmic("tokens"),
                                Axis.linear("share"),
                                List.of(
                                        new Line("fused", numbers(layer.tokens), numbers(share)),
                                        half(layer.tokens)))));
    }

    private static Points points(Map<What, Points> found, What what) {
        return found.getOrDefault(what, new Points());
    }

    private static boolean about(int power, double slope) {
        return Math.abs(slope - power) <= 0.2;
    }

    /// Where the share passes a half, between two lengths on a line over the logarithm of the length.
    static String crossing(List<Double> tokens, List<Double> share) {
        for (int i = 1; i < share.size(); i++) {
            if (share.get(i - 1) < 0.5 && share.get(i) >= 0.5) {
                double part = (0.5 - share.get(i - 1)) / (share.get(i) - share.get(i - 1));
                return "%,.0f tokens".formatted(tokens.get(i - 1) * Math.pow(tokens.get(i) / tokens.get(i - 1), part));
            }
        }
        return "none of these lengths";
    }

    private static LineChart memory(Map<What, Points> found) {
        return chart("Memory in use at once, besides the input", "bytes", found, false);
    }

    private static LineChart chart(String title, String unit, Map<What, Points> found, boolean time) {
        List<Line> lines = new ArrayList<>();
        found.forEach((what, points) ->
                lines.add(new Line(what.shown, numbers(points.tokens), numbers(time ? points.seconds : points.bytes))));
        return new LineChart(title, Axis.logarithmic("tokens"), Axis.logarithmic(unit), lines);
    }

    private static Line half(List<Double> tokens) {
        double[] halves = new double[tokens.size()];
        Arrays.fill(halves, 0.5);
        return new Line("half", numbers(tokens), halves, true);
    }

    private static double[] numbers(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
