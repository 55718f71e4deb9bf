package heed.claims;

import heed.attention.KeyValueCache;
import heed.autograd.Tape;
import heed.chart.Axis;
import heed.chart.LineChart;
import heed.chart.LineChart.Line;
import heed.kernel.WorkerPool;
import heed.pass.Pass;
import heed.pass.Site;
import heed.recurrent.RecurrentState;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.timing.Peak;
import heed.training.ParameterTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// A recurrent network takes as many steps as there are words, one after the other; a Transformer reads them
/// all at once.
final class Parallel implements Claim {
    private static final int VOCABULARY = 64;
    private static final int LAYERS = 2;
    private static final int WIDTH = 128;

    /// Tokens of a batch that are still timed: more need more memory and minutes than they tell.
    private static final int MOST_TOKENS = 1 << 14;

    private static final List<Architecture> COMPARED = List.of(Architecture.LSTM, Architecture.TRANSFORMER);

    @Override
    public String name() {
        return "parallel";
    }

    @Override
    public String statement() {
        return "A recurrent network must read word after word; a Transformer reads all words of a text at once, and is"
                + " faster for it.";
    }

    @Override
    public String rule() {
        return "For an LSTM and a Transformer of two layers and equally many parameters (± 3 %): in the graph that is"
                + " executed, the longest chain of operations that wait for each other grows by one for each word and"
                + " layer in the LSTM and is the same for 16 and 4,096 words in the Transformer. And one text of 64"
                + " and of 256 words takes the Transformer less time than the LSTM, forward and forward with"
                + " backward, on one thread and on two, because it reaches a greater share of what the processor can"
                + " do. No time counts that was taken while other programs had more than 5 % of the processors.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "Why did Transformers replace RNNs?",
                "The state of an RNN after a word needs the state before it, so a text of n words is a chain of n steps"
                        + " that no number of processors can shorten; in a Transformer every word looks at every other"
                        + " one in the same step, and its chain is as long for one word as for thousands. On two cores"
                        + " that is a small factor, on thousands of them the difference between days and years; and"
                        + " because attention compares all pairs, long texts give the advantage back. When they"
                        + " write, both are sequential: the next word needs the one before.");
    }

    @Override
    public Finding measure(Trial trial) {
        int longest = trial.effort().choose(64, 4096);
        Reading reading = new Reading(VOCABULARY, VOCABULARY, longest);
        List<SequenceModel> models = models(reading);
        Chains chains = chains(models, longest, trial);
        Times times = times(models, longest, trial);
        Table writing = writing(models, trial);
        Table sizes = Table.of("models", "model", "parameters")
                .row(COMPARED.getFirst().shown(), models.getFirst().parameters())
                .row(COMPARED.getLast().shown(), models.getLast().parameters())
                .table();
        return new Finding(
                chains.asClaimed && times.faster() && times.busy == 0,
                chains.summary + " " + times.summary(),
                Stream.of(List.of(sizes, chains.table), times.tables, List.of(writing))
                        .flatMap(List::stream)
                        .toList(),
                Stream.concat(Stream.of(chains.chart), times.charts.stream()).toList());
    }

    private static List<SequenceModel> models(Reading reading) {
        SequenceModel transformer = Architecture.TRANSFORMER.fresh(reading, LAYERS, WIDTH, 1);
        int width = Architecture.LSTM.width(reading, LAYERS, transformer.parameters());
        return List.of(Architecture.LSTM.fresh(reading, LAYERS, width, 1), transformer);
    }

    private record Chains(boolean asClaimed, String summary, Table table, LineChart chart) {}

    private static Chains chains(List<SequenceModel> models, int longest, Trial trial) {
        Table.Builder table = Table.of("chain", "words", "LSTM", "Transformer");
        List<Double> words = new ArrayList<>();
        List<double[]> counted = new ArrayList<>();
        for (int n = 16; n <= longest; n *= 4) {
            int[] ids = ids(n);
            double[] both = trial.cell(
                    "chain of operations over " + n + " words",
                    () -> models.stream()
                            .mapToDouble(model -> Chain.of(model, ids, trial.compute()))
                            .toArray());
            table.row(n, (int) both[0], (int) both[1]);
            words.add((double) n);
            counted.add(both);
        }
        double more = words.getLast() - words.getFirst();
        boolean grows = counted.getLast()[0] - counted.getFirst()[0] == LAYERS * more;
        boolean stays = counted.stream().allMatch(both -> both[1] == counted.getFirst()[1]);
        return new Chains(
                grows && stays,
                "Over %,.0f words %,.0f operations wait for each other in the LSTM, %.0f in the Transformer."
                        .formatted(words.getLast(), counted.getLast()[0], counted.getLast()[1]),
                table.table(),
                new LineChart(
                        "Operations that wait for each other",
                        Axis.logarithmic("words"),
                        Axis.logarithmic("length of the chain"),
                        List.of(line("LSTM", words, counted, 0), line("Transformer", words, counted, 1))));
    }

    private static Line line(String name, List<Double> x, List<double[]> rows, int column) {
        return new Line(
                name,
                x.stream().mapToDouble(Double::doubleValue).toArray(),
                rows.stream().mapToDouble(row -> row[column]).toArray());
    }

    private static int[] ids(int count) {
        return new SplittableRandom(count).ints(count, 0, VOCABULARY).toArray();
    }

    /// What is timed.
    private enum Way {
        FORWARD("forward"),
        BOTH("forward and backward");

        private final String shown;

        Way(String shown) {
            this.shown = shown;
        }
    }

    private static final class Times {
        private final List<Table> tables = new ArrayList<>();
        private final List<LineChart> charts = new ArrayList<>();
        private final List<Double> decisive = new ArrayList<>(); // time of the LSTM over that of the Transformer
        private final List<Double> shares = new ArrayList<>(); // of the peak, Transformer over LSTM
        private int busy;
        private double others;

        boolean faster() {
            return decisive.stream().allMatch(ratio -> ratio > 1)
                    && shares.stream().allMatch(ratio -> ratio > 1);
        }

        String summary() {
            if (busy > 0) {
                return "No times: other programs took %.0f %% of the processors; run it again when the machine is free."
                        .formatted(100 * others);
            }
            return "One text of 64 or 256 words takes the LSTM %s times as long as the Transformer."
                    .formatted(Spread.of(decisive).shown("%.1f"::formatted));
        }
    }

    private static Times times(List<SequenceModel> models, int longest, Trial trial) {
        Times times = new Times();
        Table.Builder table = Table.of(
                "times",
                "threads",
                "batch",
                "words",
                "way",
                "LSTM ms",
                "Transformer ms",
                "LSTM ms / Transformer ms",
                "LSTM share of the peak",
                "Transformer share of the peak");
        for (int threads : trial.effort() == Effort.QUICK ? new int[] {1} : new int[] {1, 2}) {
            try (WorkerPool workers = WorkerPool.of(threads)) {
                double peak = trial.cell("peak of " + threads + " threads", () -> {
                    Peak registers = new Peak(workers);
                    registers.warmUp();
                    return new double[] {registers.flops()};
                })[0];
                for (int batch : new int[] {1, 64}) {
                    for (Way way : Way.values()) {
                        Curve curve = new Curve(workers, batch, way, peak);
                        curve.measure(models, longest, trial, table, times);
                        times.charts.addAll(curve.chart());
                    }
                }
            }
        }
        times.tables.add(table.table());
        return times;
    }

    /// Times over the number of words.
    private record Curve(
            WorkerPool workers, int batch, Way way, double peak, List<Double> words, List<double[]> perToken) {
        Curve(WorkerPool workers, int batch, Way way, double peak) {
            this(workers, batch, way, peak, new ArrayList<>(), new ArrayList<>());
        }

        void measure(List<SequenceModel> models, int longest, Trial trial, Table.Builder table, Times times) {
            for (int n = 16; n <= longest && n * batch <= MOST_TOKENS; n *= 4) {
                int[] lengths = new int[batch];
                Arrays.fill(lengths, n);
                Sequences sequences = Sequences.ofLengths(lengths);
                List<Quiet.Measured> both = new ArrayList<>();
                for (int m = 0; m < models.size(); m++) {
                    SequenceModel model = models.get(m);
                    String cell = "%s, %s, %d texts of %d words, %d threads"
                            .formatted(COMPARED.get(m).shown(), way.shown, batch, n, workers.threads());
                    both.add(Quiet.Measured.of(trial.cell(cell, () -> {
                        Compute compute = new Compute(trial.kernels(), workers);
                        return Quiet.time(() -> run(model, sequences, compute), trial.effort())
                                .numbers();
                    })));
                }
                note(n, both, models, table, times);
            }
        }

        private void run(SequenceModel model, Sequences sequences, Compute compute) {
            int[] ids = ids(sequences.tokens());
            Pass pass = Pass.unwatched(compute);
            if (way == Way.FORWARD) {
                model.head().apply(model.hidden(ids, sequences, pass), pass);
            } else {
                Tape tape = new Tape(ParameterTree.of((Record) model));
                Tensor loss = compute.recording(
                        tape,
                        () -> compute.crossEntropy(
                                model.head().apply(model.hidden(ids, sequences, pass), pass), Targets.of(ids)));
                tape.backward(loss, 1, compute);
            }
            compute.reset();
        }

        private void note(
                int n, List<Quiet.Measured> both, List<SequenceModel> models, Table.Builder table, Times times) {
            Quiet.Measured lstm = both.getFirst();
            Quiet.Measured transformer = both.getLast();
            double tokens = (double) n * batch;
            if (!lstm.undisturbed() || !transformer.undisturbed()) {
                times.busy++;
                times.others = Math.max(times.others, Math.max(lstm.others(), transformer.others()));
                table.row(workers.threads(), batch, n, way.shown, "busy", "busy", "", "", "");
                return;
            }
            double ratio = lstm.seconds() / transformer.seconds();
            double lstmShare = share(operations(models.getFirst(), n, 0), lstm);
            double transformerShare = share(operations(models.getLast(), n, WIDTH), transformer);
            table.row(
                    workers.threads(),
                    batch,
                    n,
                    way.shown,
                    1e3 * lstm.seconds(),
                    1e3 * transformer.seconds(),
                    ratio,
                    lstmShare,
                    transformerShare);
            words.add((double) n);
            perToken.add(new double[] {1e6 * lstm.seconds() / tokens, 1e6 * transformer.seconds() / tokens});
            if (batch == 1 && (n == 64 || n == 256)) {
                times.decisive.add(ratio);
                if (peak > 0) {
                    times.shares.add(transformerShare / lstmShare);
                }
            }
        }

        /// Floating-point operations of one text forward: two for each parameter that multiplies and each
        /// token, and for the products of half of all pairs of an attention of so many columns.
        private static double operations(SequenceModel model, int n, int attended) {
            double multiplying = model.parameters()
                    - (double) VOCABULARY * model.head().weight().in();
            return 2 * n * multiplying + 2.0 * LAYERS * n * n * attended;
        }

        private double share(double forward, Quiet.Measured measured) {
            return peak == 0 ? 0 : batch * forward * (way == Way.BOTH ? 3 : 1) / measured.seconds() / peak;
        }

        List<LineChart> chart() {
            if (words.size() < 2 || workers.threads() == 1) {
                return List.of();
            }
            return List.of(new LineChart(
                    "Time for each word, %s, %s, %d threads"
                            .formatted(batch == 1 ? "one text" : batch + " texts", way.shown, workers.threads()),
                    Axis.logarithmic("words in a text"),
                    Axis.logarithmic("µs for each word"),
                    List.of(line("LSTM", words, perToken, 0), line("Transformer", words, perToken, 1))));
        }
    }

    /// Both write word after word.
    private static Table writing(List<SequenceModel> models, Trial trial) {
        int n = trial.effort().choose(16, 512);
        Table.Builder table =
                Table.of("writing", "model", "words", "passes that wait for each other", "µs for each word");
        for (int m = 0; m < models.size(); m++) {
            SequenceModel model = models.get(m);
            Compute compute = trial.compute();
            Quiet.Measured measured = Quiet.Measured.of(trial.cell(
                    COMPARED.get(m).shown() + " writes " + n + " words",
                    () -> Quiet.time(() -> write(model, n, compute), trial.effort())
                            .numbers()));
            Object time = measured.undisturbed() ? (Object) (1e6 * measured.seconds() / n) : "busy";
            table.row(COMPARED.get(m).shown(), n, n, time);
        }
        return table.table();
    }

    private static void write(SequenceModel model, int n, Compute compute) {
        Sequences one = Sequences.single(1);
        int[] next = {1};
        switch (model) {
            case TransformerReader transformer -> {
                KeyValueCache cache = transformer.stack().cache(1, n);
                for (int i = 0; i < n; i++) {
                    Pass pass = Pass.unwatched(compute);
                    next[0] = best(transformer.head().apply(transformer.goOn(next, one, cache, pass), pass));
                    compute.reset();
                }
            }
            case RecurrentReader recurrent -> {
                RecurrentState state = null;
                for (int i = 0; i < n; i++) {
                    Pass pass = Pass.unwatched(compute).at(Site.decoder(-1));
                    var run = recurrent.stack().apply(recurrent.words().apply(next, pass), one, state, pass);
                    state = run.last().copy();
                    next[0] = best(recurrent.head().apply(run.hidden(), pass));
                    compute.reset();
                }
            }
            case AttendingReader _ -> throw new IllegalArgumentException("no comparison of what attends in between");
        }
    }

    private static int best(Tensor logits) {
        int best = 0;
        for (int c = 1; c < logits.size(1); c++) {
            best = logits.at(0, c) > logits.at(0, best) ? c : best;
        }
        return best;
    }
}
