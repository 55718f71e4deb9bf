package heed.cli.bench;

import heed.generation.Decoding;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.task.Translator;
import heed.timing.OtherLoad;
import heed.timing.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "translate",
        mixinStandardHelpOptions = true,
        description = {
            "Lines of a file translated per second, all at once, tokenising included.",
            "",
            "With the beams and the length penalty of the model's files. The peer's script is"
                    + " benchmarks/translation/peer_translate.py."
        },
        footerHeading = "%nExample:%n",
        footer = "  heed bench translate --model en-kn corpus/scores/all/source.txt")
final class TranslateBench implements Callable<Integer> {
    private static final int WARM_UP_TEXTS = 64;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ModelChoice model = new ModelChoice();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private WarmUpOption warmUp = new WarmUpOption();

    @Option(names = "--passes", paramLabel = "N", defaultValue = "3", description = "Best of so many. Default: 3")
    private int passes;

    @Parameters(paramLabel = "FILE", description = "A file of texts, one a line.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Override
    public Integer call() throws IOException {
        Console console = Console.of(spec);
        List<String> texts = Files.readAllLines(file);
        if (texts.isEmpty() || passes < 1) {
            throw new IllegalArgumentException(
                    texts.size() + " texts in " + passes + " passes cannot be timed, use at least 1 and 1");
        }
        try (WorkerPool workers = threads.pool();
                Model opened = model.open(workers, console)) {
            console.print(measure(opened, texts, workers).values());
        }
        return 0;
    }

    private Line measure(Model opened, List<String> texts, WorkerPool workers) {
        Decoding decoding = Translator.usual(opened);
        Translator translator = new Translator(opened, decoding);
        List<String> some = texts.subList(0, Math.min(WARM_UP_TEXTS, texts.size()));
        Timing.warmUp(() -> translator.translate(some), warmUp.seconds());
        OtherLoad others = OtherLoad.start();
        double best = Double.MAX_VALUE;
        double worst = 0;
        long written = 0;
        for (int pass = 0; pass < passes; pass++) {
            long start = System.nanoTime();
            List<Translator.Translation> translations = translator.translate(texts);
            double seconds = (System.nanoTime() - start) / 1e9;
            best = Math.min(best, seconds);
            worst = Math.max(worst, seconds);
            written = translations.stream()
                    .mapToLong(one -> opened.tokenizer().encode(one.text()).length())
                    .sum();
        }
        return Line.beside(
                others,
                Line.of(
                                "translate",
                                opened.kernels().name(),
                                workers,
                                opened.weights().type().name().toLowerCase(Locale.ROOT))
                        .with("model", model.reference())
                        .with("texts", texts.size())
                        .with("texts_per_s", texts.size() / best, 1)
                        .with("written_tokens_per_s", written / best, 1)
                        .with("spread", worst / best - 1, 3));
    }
}
