package heed.cli.bench;

import heed.cli.options.Streams;
import heed.kernel.WeightType;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.moderation.LabelScorer;
import heed.moderation.LabelScorer.Prepared;
import heed.moderation.Moderator;
import heed.moderation.Policy;
import heed.moderation.stream.StreamEngine;
import heed.moderation.stream.StreamSettings;
import heed.moderation.stream.StreamTally;
import heed.timing.OtherLoad;
import heed.timing.Timing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "stream",
        mixinStandardHelpOptions = true,
        description = {
            "What Flink costs: the same comments by the engine alone (tokenised beforehand, in the same batches), as"
                    + " `heed moderate run` judges them, and as `heed moderate stream` does, from file to file.",
            "",
            "The stream's time goes from the first comment's arrival to the last one's scores; `seconds` is all of it."
        },
        footerHeading = "%nExample:%n",
        footer = "  heed bench stream --model ./my-model --input comments.txt --comments 2000")
final class StreamBench implements Callable<Integer> {
    private static final int RUN_CHUNK = 512;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ModelChoice model = new ModelChoice();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private WarmUpOption warmUp = new WarmUpOption();

    @Option(names = "--input", required = true, paramLabel = "FILE", description = "Comments, one a line.")
    @SuppressWarnings("NullAway.Init")
    private Path input;

    @Option(
            names = "--comments",
            defaultValue = "0",
            paramLabel = "N",
            description = "The first so many; 0 for all. Default: 0")
    private int comments;

    @Option(names = "--batch-tokens", defaultValue = "1024", paramLabel = "N", description = "Default: 1024")
    private int batchTokens;

    @Option(
            names = "--passes",
            defaultValue = "2",
            paramLabel = "N",
            description = "Of so many passes by each, in turns, the best counts. Default: 2")
    private int passes;

    /// Seconds of the best pass so far.
    private static final class Best {
        private double engine = Double.POSITIVE_INFINITY;
        private double run = Double.POSITIVE_INFINITY;
        private double stream = Double.POSITIVE_INFINITY;
        private double whole = Double.POSITIVE_INFINITY;
    }

    @Override
    public Integer call() throws IOException {
        Console console = Console.of(spec);
        if (passes < 1) {
            throw new IllegalArgumentException("the best of " + passes + " passes is none, use at least 1");
        }
        StreamEngine streams = Streams.engine();
        List<String> lines = lines();
        Path folder = Files.createTempDirectory("heed-bench-stream");
        try (WorkerPool workers = threads.pool();
                Model opened = model.open(workers, console)) {
            Path in = Files.write(folder.resolve("comments.txt"), lines);
            LabelScorer scorer = new LabelScorer(opened, Map.of());
            List<List<Prepared>> batches =
                    batches(lines.stream().map(scorer::prepare).toList());
            long tokens = batches.stream()
                    .flatMap(List::stream)
                    .mapToLong(Prepared::tokens)
                    .sum();
            int[] next = {0};
            Timing.warmUp(() -> scorer.scoreAll(batches.get(next[0]++ % batches.size())), warmUp.seconds());
            OtherLoad others = OtherLoad.start();
            Best best = new Best();
            for (int pass = 0; pass < passes; pass++) {
                best.engine = Math.min(best.engine, Timing.time(() -> batches.forEach(scorer::scoreAll)));
                best.run = Math.min(best.run, Timing.time(() -> run(scorer, lines)));
                stream(streams, opened, in, folder.resolve("pass" + pass), lines.size(), best);
            }
            Line line = Line.of("stream", opened, workers)
                    .with("model", model.reference())
                    .with("comments", lines.size())
                    .with("tokens", tokens)
                    .with("engine_tokens_per_s", Math.round(tokens / best.engine))
                    .with("run_tokens_per_s", Math.round(tokens / best.run))
                    .with("tokens_per_s", Math.round(tokens / best.stream))
                    .with("comments_per_s", lines.size() / best.stream, 1)
                    .with("of_engine", best.engine / best.stream, 3)
                    .with("overhead_us", 1e6 * (best.stream - best.engine) / lines.size(), 1)
                    .with("seconds", best.whole, 2);
            console.print(Line.beside(others, line).values());
        } finally {
            delete(folder);
        }
        return 0;
    }

    private List<String> lines() throws IOException {
        try (Stream<String> all = Files.lines(input)) {
            List<String> lines = all.filter(line -> !line.isBlank())
                    .limit(comments > 0 ? comments : Long.MAX_VALUE)
                    .toList();
            if (lines.isEmpty()) {
                throw new IllegalArgumentException(input + " is empty");
            }
            return lines;
        }
    }

    /// In order, as the stream gathers them.
    private List<List<Prepared>> batches(List<Prepared> all) {
        List<List<Prepared>> batches = new ArrayList<>();
        List<Prepared> batch = new ArrayList<>();
        int tokens = 0;
        for (Prepared one : all) {
            if (!batch.isEmpty() && tokens + one.tokens() > batchTokens) {
                batches.add(batch);
                batch = new ArrayList<>();
                tokens = 0;
            }
            batch.add(one);
            tokens += one.tokens();
        }
        batches.add(batch);
        return batches;
    }

    private static Policy policy(LabelScorer scorer) {
        return Policy.parse(policyText(scorer), "the policy");
    }

    private static String policyText(LabelScorer scorer) {
        return "{version: bench, categories: {first: {label: \""
                + scorer.labels().getFirst() + "\", review: 0.5}}}";
    }

    private static void run(LabelScorer scorer, List<String> lines) {
        Policy policy = policy(scorer);
        Moderator moderator = new Moderator(scorer, () -> policy);
        for (int from = 0; from < lines.size(); from += RUN_CHUNK) {
            int first = from;
            moderator.decide(IntStream.range(from, Math.min(lines.size(), from + RUN_CHUNK))
                    .mapToObj(i -> new Moderator.Comment(String.valueOf(first + i), lines.get(i), null))
                    .toList());
        }
    }

    private void stream(StreamEngine streams, Model opened, Path in, Path out, int expected, Best best) {
        StreamSettings settings = new StreamSettings(
                new StreamSettings.Judging(
                        model.reference(),
                        WeightType.F32, // the model is open, whatever its weights
                        null,
                        policyText(new LabelScorer(opened, Map.of())),
                        null,
                        batchTokens,
                        StreamSettings.Judging.USUAL_BATCH_WAIT),
                new StreamSettings.Route(in.toString(), false, false, out.toString(), out.toString()),
                new StreamSettings.Keeping(
                        out.resolve("checkpoints").toString(),
                        false,
                        StreamSettings.Keeping.USUAL_EVERY,
                        StreamSettings.Keeping.USUAL_REMEMBER),
                1,
                false);
        StreamTally[] tally = new StreamTally[1];
        double seconds = Timing.time(() -> tally[0] = streams.run(settings, opened, new Unwatched()));
        if (tally[0].comments() != expected) {
            throw new IllegalStateException(
                    tally[0].comments() + " decisions of " + expected + " comments, the figures mean nothing");
        }
        best.stream = Math.min(best.stream, tally[0].busy().toNanos() / 1e9);
        best.whole = Math.min(best.whole, seconds);
    }

    private static final class Unwatched implements StreamEngine.Watcher {
        @Override
        public void note(String text) {}

        @Override
        public void progress(StreamTally tally) {}

        @Override
        public boolean stopRequested() {
            return false;
        }
    }

    /// Flink is still throwing its last checkpoint away when it says that it is done: what is gone is gone, and
    /// what stays empty behind is the system's to clear.
    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.getLogger(StreamBench.class.getName())
                    .log(System.Logger.Level.DEBUG, "something of " + folder + " is left", e);
        }
    }
}
