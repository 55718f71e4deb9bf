package heed.cli.bench;

import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.task.Embedder;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import heed.timing.OtherLoad;
import heed.timing.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        description = "Sentences embedded per second; tokenising is not counted, nor is there padding to count.",
        footerHeading = "%nExample:%n",
        footer = "  heed bench embed --input comments.txt --batch 32 --order sorted --sentences 512")
final class EmbedBench implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ModelChoice model = new ModelChoice();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private WarmUpOption warmUp = new WarmUpOption();

    @Option(names = "--input", required = true, paramLabel = "FILE", description = "Texts, one a line.")
    @SuppressWarnings("NullAway.Init")
    private Path input;

    @Option(names = "--batch", defaultValue = "32", paramLabel = "N", description = "Texts in a batch. Default: 32")
    private int batch;

    @Option(
            names = "--order",
            defaultValue = "sorted",
            paramLabel = "sorted|arrival",
            description = "By length, or as they come. Default: sorted")
    private Order order = Order.SORTED;

    @Option(
            names = "--sentences",
            defaultValue = "0",
            paramLabel = "N",
            description = "An even sample of so many; 0 for all.")
    private int sentences;

    @Option(
            names = "--max-tokens",
            defaultValue = "256",
            paramLabel = "N",
            description = "Longer texts are cut. Default: 256")
    private int maxTokens;

    @Option(
            names = "--passes",
            defaultValue = "2",
            paramLabel = "N",
            description = "Of so many passes, the best time of each batch counts. Default: 2")
    private int passes;

    @Option(names = "--profile", description = "Show where the time goes, by operation, instead.")
    private boolean profile;

    private enum Order {
        SORTED,
        ARRIVAL
    }

    @Override
    public Integer call() throws IOException {
        Console console = Console.of(spec);
        if (passes < 1) {
            throw new IllegalArgumentException("the best of " + passes + " passes is none, use at least 1");
        }
        try (WorkerPool workers = threads.pool();
                Model opened = model.open(workers, console)) {
            List<List<int[]>> batches = batches(ids(opened));
            if (profile) {
                new Profile(model, workers, warmUp.seconds(), console)
                        .run(batches.stream().flatMap(List::stream).toList());
                return 0;
            }
            Embedder embedder = new Embedder(opened);
            Optional<Embedding.Agreement> agreement = Embedding.check(
                    model, opened, batches.stream().flatMap(List::stream).toList(), console);
            int[] next = {0};
            Timing.warmUp(() -> embedder.embedTokens(batches.get(next[0]++ % batches.size())), warmUp.seconds());
            OtherLoad others = OtherLoad.start();
            double seconds = bestOfPasses(embedder, batches);
            int texts = batches.stream().mapToInt(List::size).sum();
            long tokens = batches.stream()
                    .flatMap(List::stream)
                    .mapToLong(ids -> ids.length)
                    .sum();
            Line line = Line.of("embed", opened, workers)
                    .with("model", model.reference())
                    .with("batch", batch)
                    .with("order", order.name().toLowerCase(Locale.ROOT))
                    .with("sentences", texts)
                    .with("seconds", seconds, 3)
                    .with("tokens_per_s", Math.round(tokens / seconds))
                    .with("sentences_per_s", texts / seconds, 1);
            agreement.ifPresent(found -> found.addTo(line));
            console.print(Line.beside(others, line).values());
        }
        return 0;
    }

    private double bestOfPasses(Embedder embedder, List<List<int[]>> batches) {
        double[] best = new double[batches.size()];
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        for (int pass = 0; pass < passes; pass++) {
            for (int i = 0; i < best.length; i++) {
                List<int[]> texts = batches.get(i);
                best[i] = Math.min(best[i], Timing.time(() -> embedder.embedTokens(texts)));
            }
        }
        return Arrays.stream(best).sum();
    }

    private List<int[]> ids(Model opened) throws IOException {
        List<String> lines = Files.readAllLines(input).stream()
                .filter(line -> !line.isBlank())
                .toList();
        if (lines.isEmpty()) {
            throw new IllegalArgumentException(input + " is empty");
        }
        return opened.tokenizer().encode(lines, EncodeOptions.defaults().withMaxTokens(maxTokens)).stream()
                .map(Encoding::ids)
                .toList();
    }

    /// Batches as the peers' scripts cut them: in order of length or of arrival, then an even sample of them.
    private List<List<int[]>> batches(List<int[]> ids) {
        if (batch < 1) {
            throw new IllegalArgumentException("a batch of " + batch + " texts is none, use at least 1");
        }
        List<int[]> ordered = new ArrayList<>(ids);
        if (order == Order.SORTED) {
            ordered.sort(Comparator.comparingInt((int[] array) -> array.length).reversed());
        }
        List<List<int[]>> batches = new ArrayList<>();
        for (int from = 0; from < ordered.size(); from += batch) {
            batches.add(ordered.subList(from, Math.min(from + batch, ordered.size())));
        }
        if (sentences <= 0 || sentences >= ids.size()) {
            return batches;
        }
        int wanted = Math.max(1, Math.round(sentences / (float) batch));
        return IntStream.range(0, wanted)
                .mapToObj(i -> batches.get((int) ((i + 0.5) * batches.size() / wanted)))
                .toList();
    }
}
