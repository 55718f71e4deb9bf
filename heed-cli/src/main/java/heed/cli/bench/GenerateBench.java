package heed.cli.bench;

import heed.generation.Cancellation;
import heed.generation.Decoding;
import heed.generation.TokenListener;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.task.TextGenerator;
import heed.timing.OtherLoad;
import heed.timing.Timing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = {
            "Tokens read and written per second, greedily, choosing them included.",
            "",
            "The prompt is the one of the peers' benchmarks: random ids, numpy's default_rng(7).integers(0, 50256),"
                    + " modulo a smaller vocabulary. \"first_ids\" are the first tokens written."
        },
        footerHeading = "%nExample:%n",
        footer = "  heed bench generate --model ./gpt2 --prompt-tokens 512 --new-tokens 128")
final class GenerateBench implements Callable<Integer> {
    private static final int FIRST_IDS = 8;
    private static final int CHECKED_TOKENS = 8;
    private static final double LEAST_COSINE = 0.99;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ModelChoice model = new ModelChoice();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private WarmUpOption warmUp = new WarmUpOption();

    @Option(names = "--prompt-tokens", paramLabel = "N", defaultValue = "512", description = "Default: 512")
    private int promptTokens;

    @Option(names = "--new-tokens", paramLabel = "N", defaultValue = "128", description = "Default: 128")
    private int newTokens;

    @Option(
            names = "--ids",
            paramLabel = "FILE",
            description = "The prompt: a JSON list of ids, cut to --prompt-tokens.")
    private @Nullable Path ids;

    @Option(names = "--passes", paramLabel = "N", defaultValue = "3", description = "Best of so many. Default: 3")
    private int passes;

    /// One generation: when it began, when each token came, and which they were.
    private static final class Run implements TokenListener {
        private final long start = System.nanoTime();
        private final List<Integer> ids = new ArrayList<>();
        private final List<Long> times = new ArrayList<>();

        @Override
        public void token(int sequence, int id) {
            ids.add(id);
            times.add(System.nanoTime());
        }

        double prefillSeconds() {
            return (times.getFirst() - start) / 1e9;
        }

        double secondsPerToken() {
            return (times.getLast() - times.getFirst()) / 1e9 / (times.size() - 1);
        }
    }

    @Override
    public Integer call() throws IOException {
        Console console = Console.of(spec);
        if (newTokens < 2 || passes < 1) {
            throw new IllegalArgumentException(
                    newTokens + " new tokens in " + passes + " passes cannot be timed, use at least 2 and 1");
        }
        try (WorkerPool workers = threads.pool();
                Model opened = model.open(workers, console)) {
            int[] prompt = prompt(opened.config().vocabularySize());
            check(opened, Arrays.copyOf(prompt, Math.min(prompt.length, CHECKED_TOKENS)), console);
            console.print(measure(opened, prompt, workers).values());
        }
        return 0;
    }

    private Line measure(Model opened, int[] prompt, WorkerPool workers) {
        Decoding endless = Decoding.greedy().endTokens().maxNewTokens(newTokens);
        TextGenerator generator = new TextGenerator(opened, endless);
        Timing.warmUp(() -> run(generator, prompt), warmUp.seconds());
        OtherLoad others = OtherLoad.start();
        List<Run> runs = new ArrayList<>();
        for (int pass = 0; pass < passes; pass++) {
            runs.add(run(generator, prompt));
        }
        double prefill = runs.stream().mapToDouble(Run::prefillSeconds).min().orElseThrow();
        double perToken = runs.stream().mapToDouble(Run::secondsPerToken).min().orElseThrow();
        double slowest = runs.stream().mapToDouble(Run::secondsPerToken).max().orElseThrow();
        return Line.beside(
                others,
                Line.of(
                                "generate",
                                opened.kernels().name(),
                                workers,
                                opened.weights().type().name().toLowerCase(Locale.ROOT))
                        .with("model", model.reference())
                        .with("prompt", prompt.length)
                        .with("new", newTokens)
                        .with("prefill_tokens_per_s", prompt.length / prefill, 1)
                        .with("prefill_ms", prefill * 1e3, 1)
                        .with("decode_tokens_per_s", 1 / perToken, 2)
                        .with("decode_ms_per_token", perToken * 1e3, 2)
                        .with("spread", slowest / perToken - 1, 3)
                        .with(
                                "first_ids",
                                runs.getFirst().ids.stream().limit(FIRST_IDS).toList()));
    }

    private static Run run(TextGenerator generator, int[] prompt) {
        Run run = new Run();
        generator.streamTokens(prompt, run, new Cancellation());
        return run;
    }

    /// The scores after a few tokens must be those of the readable kernels, or there is nothing to time.
    private void check(Model opened, int[] prompt, Console console) {
        try (WorkerPool alone = WorkerPool.of(1);
                Model readable = model.openReadable(alone, console)) {
            double cosine = cosine(scores(opened, prompt), scores(readable, prompt));
            if (!(cosine >= LEAST_COSINE)) {
                throw new IllegalStateException("the scores after " + prompt.length + " tokens have cosine " + cosine
                        + " to what the readable kernels compute");
            }
        }
    }

    private static float[] scores(Model model, int[] prompt) {
        return model.decode().prefill(List.of(prompt)).toArray();
    }

    private static double cosine(float[] x, float[] y) {
        double product = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            product += (double) x[i] * y[i];
            xx += (double) x[i] * x[i];
            yy += (double) y[i] * y[i];
        }
        return product / Math.sqrt(xx * yy);
    }

    private int[] prompt(int vocabularySize) throws IOException {
        int[] all = ids == null ? usualPrompt() : parse(Files.readAllBytes(ids), ids.toString());
        if (promptTokens < 1 || promptTokens > all.length) {
            throw new IllegalArgumentException(
                    "a prompt of " + promptTokens + " tokens cannot be cut from " + all.length + " ids");
        }
        return Arrays.stream(all)
                .limit(promptTokens)
                .map(id -> ids == null ? id % vocabularySize : id)
                .toArray();
    }

    private static int[] usualPrompt() throws IOException {
        try (InputStream file = Objects.requireNonNull(GenerateBench.class.getResourceAsStream("prompt.json"))) {
            return parse(file.readAllBytes(), "prompt.json");
        }
    }

    private static int[] parse(byte[] json, String name) {
        JsonNode list;
        try {
            list = JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(name + " is not valid JSON", e);
        }
        if (!list.isArray() || !list.valueStream().allMatch(JsonNode::canConvertToInt)) {
            throw new IllegalArgumentException(name + " should be a list of token ids");
        }
        return list.valueStream().mapToInt(JsonNode::asInt).toArray();
    }
}
