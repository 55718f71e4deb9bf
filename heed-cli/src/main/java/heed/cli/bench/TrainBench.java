package heed.cli.bench;

import heed.autograd.Parameter;
import heed.kernel.Activation;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.RecurrentCell;
import heed.kernel.WorkerPool;
import heed.pass.DropoutRates;
import heed.pass.Pass;
import heed.recurrent.RecurrentLanguageModel;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.timing.OtherLoad;
import heed.timing.Timing;
import heed.training.CausalModel;
import heed.training.Optimizer;
import heed.training.ParameterTree;
import heed.training.Schedule;
import heed.training.Trainer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Milliseconds of one training step: loss, gradients and AdamW. The first loss on the readable"
                + " kernels must be the same, for a piece of the batch.",
        footerHeading = "%nExample:%n",
        footer = "  heed bench train --case nanogpt,babygpt,encdec")
final class TrainBench implements Callable<Integer> {
    private static final float TOLERANCE = 1e-4f;

    /// Tokens of the piece that the readable kernels take too.
    private static final int CHECKED_TOKENS = 4;

    private static final int LSTM_WINDOW = 64;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    /// What is trained: nanoGPT on a CPU, a model of ten million parameters, a translator, and LSTMs of three
    /// widths.
    enum Case {
        NANOGPT,
        BABYGPT,
        ENCDEC,
        LSTM128,
        LSTM256,
        LSTM512
    }

    @Option(
            names = "--case",
            split = ",",
            defaultValue = "nanogpt,babygpt,encdec",
            description = "nanogpt, babygpt, encdec, lstm128, lstm256 or lstm512. Default: the first three")
    private Case[] cases = {};

    @Option(
            names = "--seconds",
            defaultValue = "6",
            paramLabel = "SECONDS",
            description = "Warm up for so long, then repeat for so long. Default: 6")
    private double seconds;

    @Option(names = "--profile", description = "Show where the time of a step goes, by operation, there and back.")
    private boolean profile;

    /// A model and a batch for it.
    ///
    /// @param losses of the first sequences, cut to some tokens
    private record Work(
            List<Parameter> parameters, int tokens, DropoutRates dropout, Losses losses, int batch, int length) {
        private interface Losses {
            Tensor of(int sequences, int length, Pass pass);
        }

        Tensor whole(Pass pass) {
            return losses.of(batch, length, pass);
        }
    }

    @Override
    public Integer call() {
        Console console = Console.of(spec);
        Kernels kernels = KernelProvider.active().kernels();
        try (WorkerPool workers = threads.pool()) {
            for (Case one : cases) {
                Work work = switch (one) {
                    case NANOGPT -> gpt(new CausalModel.Sizes(65, 64, 4, 4, 128), 12);
                    case BABYGPT -> gpt(new CausalModel.Sizes(65, 256, 6, 6, 384), 16);
                    case ENCDEC -> translation();
                    case LSTM128 -> lstm(12, 2, 128);
                    case LSTM256 -> lstm(32, 1, 256);
                    case LSTM512 -> lstm(32, 1, 512);
                };
                check(work, kernels, workers);
                console.print(measure(one, work, kernels, workers, console).values());
            }
        }
        return 0;
    }

    private static Work gpt(CausalModel.Sizes sizes, int batch) {
        CausalModel model = CausalModel.fresh(sizes, Activation.GELU, false, 1);
        List<Parameter> learned = ParameterTree.of(model).stream()
                .filter(parameter -> !parameter.path().endsWith("orm.bias"))
                .toList();
        int[][] ids = random(batch, sizes.context(), sizes.vocabulary(), 1);
        int[][] next = random(batch, sizes.context(), sizes.vocabulary(), 2);
        return new Work(
                learned,
                batch * sizes.context(),
                DropoutRates.NONE,
                (sequences, length, pass) -> pass.compute()
                        .crossEntropy(
                                model.logits(flat(ids, sequences, length), even(sequences, length), pass),
                                Targets.of(flat(next, sequences, length))),
                batch,
                sizes.context());
    }

    private static Work lstm(int batch, int layers, int width) {
        RecurrentLanguageModel model = RecurrentLanguageModel.fresh(RecurrentCell.LSTM, 65, layers, width, 1);
        int[][] ids = random(batch, LSTM_WINDOW, 65, 1);
        int[][] next = random(batch, LSTM_WINDOW, 65, 2);
        return new Work(
                ParameterTree.of(model),
                batch * LSTM_WINDOW,
                DropoutRates.NONE,
                (sequences, length, pass) -> pass.compute()
                        .crossEntropy(
                                model.read(flat(ids, sequences, length), even(sequences, length), null, pass)
                                        .logits(),
                                Targets.of(flat(next, sequences, length))),
                batch,
                LSTM_WINDOW);
    }

    private static Work translation() {
        TranslationModel model = TranslationModel.fresh(8000, 1);
        int[][] source = random(32, 32, 8000, 1);
        int[][] target = random(32, 32, 8000, 2);
        int[][] next = random(32, 32, 8000, 3);
        return new Work(
                ParameterTree.of(model),
                2 * 32 * 32,
                new DropoutRates(0, 0.1f, 0.1f, 0.1f),
                (sequences, length, pass) -> pass.compute()
                        .crossEntropy(
                                model.logits(
                                        flat(source, sequences, length),
                                        even(sequences, length),
                                        flat(target, sequences, length),
                                        even(sequences, length),
                                        pass),
                                Targets.of(flat(next, sequences, length)).smoothed(0.1f)),
                32,
                32);
    }

    private static int[][] random(int rows, int columns, int bound, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[][] values = new int[rows][];
        Arrays.setAll(values, _ -> random.ints(columns, 0, bound).toArray());
        return values;
    }

    private static int[] flat(int[][] rows, int sequences, int length) {
        return Arrays.stream(rows, 0, sequences)
                .flatMapToInt(row -> Arrays.stream(row, 0, length))
                .toArray();
    }

    private static Sequences even(int sequences, int length) {
        int[] lengths = new int[sequences];
        Arrays.fill(lengths, length);
        return Sequences.ofLengths(lengths);
    }

    private static void check(Work work, Kernels kernels, WorkerPool workers) {
        float expected = pieceLoss(work, KernelProvider.scalar(), workers);
        float actual = pieceLoss(work, kernels, workers);
        if (!(Math.abs(expected - actual) <= TOLERANCE)) {
            throw new IllegalStateException("the loss is " + actual + ", the readable kernels compute " + expected);
        }
    }

    private static float pieceLoss(Work work, Kernels kernels, WorkerPool workers) {
        Compute compute = new Compute(kernels, workers);
        return work.losses().of(2, CHECKED_TOKENS, Pass.unwatched(compute)).at(0);
    }

    private Line measure(Case one, Work work, Kernels kernels, WorkerPool workers, Console console) {
        Trainer trainer = new Trainer(
                work.parameters(),
                new Trainer.Settings(
                        new Optimizer.AdamW(0.9, 0.99, 1e-8, 0.1),
                        new Schedule.Constant(1e-3, 0),
                        0,
                        work.dropout(),
                        1),
                new Compute(kernels, workers));
        List<Function<Pass, Tensor>> batch = List.of(work::whole);
        double first = trainer.step(batch).loss();
        Timing.warmUp(() -> trainer.step(batch), seconds);
        OtherLoad others = OtherLoad.start();
        Timing timing = Timing.of(() -> trainer.step(batch), seconds, 5, 10_000);
        double last = trainer.step(batch).loss();
        if (!(last < first)) {
            throw new IllegalStateException("the loss rose from " + first + " to " + last);
        }
        if (profile) {
            new StepProfile(trainer, work::whole).report(seconds, console);
        }
        return Line.beside(
                others,
                Line.of("train", kernels.name(), workers, "f32")
                        .with("case", one.name().toLowerCase(Locale.ROOT))
                        .with(
                                "parameters",
                                work.parameters().stream()
                                        .mapToInt(Parameter::elements)
                                        .sum())
                        .with("tokens", work.tokens())
                        .with("step_ms", timing.median() * 1e3, 2)
                        .with(timing)
                        .with("tokens_per_s", work.tokens() / timing.median(), 0)
                        .with("first_loss", first, 4)
                        .with("last_loss", last, 4));
    }
}
