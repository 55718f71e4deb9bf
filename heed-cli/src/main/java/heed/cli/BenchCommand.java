package heed.cli;

import heed.hub.Hub;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import heed.task.EmbedOptions;
import heed.task.Embedder;
import heed.text.EncodeOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure speed on this machine, as JSON lines. Results are checked before they are timed.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed bench embed --input comments.txt --batch 32 --order sorted",
            "  heed bench latency --tokens 16,64,256"
        })
final class BenchCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    enum Order {
        SORTED,
        ARRIVAL
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "embed",
            mixinStandardHelpOptions = true,
            description = "Sentences embedded per second; tokenising is not counted, nor is there padding to count.")
    int embed(
            @Option(names = "--model", defaultValue = "minilm", description = "Default: minilm") String reference,
            @Option(names = "--input", required = true, paramLabel = "FILE", description = "Texts, one a line.")
                    String input,
            @Option(names = "--threads", defaultValue = "0", description = "Default: all processors") int threads,
            @Option(names = "--batch", defaultValue = "32", description = "Texts in a batch. Default: 32") int batch,
            @Option(names = "--order", defaultValue = "sorted", description = "sorted by length, or arrival.")
                    Order order,
            @Option(names = "--sentences", defaultValue = "0", description = "An even sample of so many; 0 for all.")
                    int sentences,
            @Option(names = "--max-tokens", defaultValue = "256", description = "Longer texts are cut. Default: 256")
                    int maxTokens,
            @Option(names = "--passes", defaultValue = "2", description = "Best of so many. Default: 2") int passes)
            throws IOException {
        try (WorkerPool workers = pool(threads);
                Model model = open(reference, KernelProvider.active().kernels(), workers)) {
            List<List<int[]>> batches = batches(ids(model, input, maxTokens), batch, order, sentences);
            Embedder embedder = new Embedder(model, options(model));
            check(reference, batches.getFirst().getFirst(), embedder);
            long tokens = 0;
            int texts = 0;
            double seconds = 0;
            warmUp(embedder, batches);
            for (List<int[]> one : batches) {
                double best = Double.POSITIVE_INFINITY;
                for (int pass = 0; pass < passes; pass++) {
                    long start = System.nanoTime();
                    embedder.embedTokens(one);
                    best = Math.min(best, (System.nanoTime() - start) / 1e9);
                }
                seconds += best;
                texts += one.size();
                tokens += one.stream().mapToInt(array -> array.length).sum();
            }
            Map<String, Object> line = line("embed", reference, model.kernels(), workers);
            line.put("batch", batch);
            line.put("order", order.name().toLowerCase(java.util.Locale.ROOT));
            line.put("sentences", texts);
            line.put("tokens_per_s", Math.round(tokens / seconds));
            line.put("sentences_per_s", Math.round(texts / seconds * 10) / 10.0);
            spec.commandLine().getOut().println(Json.line(line));
        }
        return 0;
    }

    @Command(
            name = "latency",
            mixinStandardHelpOptions = true,
            description =
                    "Milliseconds until one text is embedded, by its length in tokens; tokenising is not counted.")
    int latency(
            @Option(names = "--model", defaultValue = "minilm", description = "Default: minilm") String reference,
            @Option(names = "--tokens", split = ",", defaultValue = "16,64,256", description = "Default: 16,64,256")
                    int[] lengths,
            @Option(names = "--threads", defaultValue = "0", description = "Default: all processors") int threads,
            @Option(names = "--calls", defaultValue = "400", description = "Default: 400") int calls) {
        try (WorkerPool workers = pool(threads);
                Model model = open(reference, KernelProvider.active().kernels(), workers)) {
            Embedder embedder = new Embedder(model, options(model));
            for (int length : lengths) {
                if (length < 1 || calls < 1) {
                    throw new IllegalArgumentException("texts of " + length + " tokens and " + calls
                            + " calls cannot be timed, both must be at least 1");
                }
                int[] ids = someIds(model, length);
                check(reference, ids, embedder);
                List<int[]> one = List.of(ids);
                warmUp(embedder, List.of(one));
                double[] times = new double[calls];
                for (int call = 0; call < calls; call++) {
                    long start = System.nanoTime();
                    embedder.embedTokens(one);
                    times[call] = (System.nanoTime() - start) / 1e6;
                }
                Arrays.sort(times);
                Map<String, Object> line = line("latency", reference, model.kernels(), workers);
                line.put("tokens", length);
                line.put("calls", calls);
                line.put("p50_ms", Math.round(times[calls / 2] * 1000) / 1000.0);
                line.put("p99_ms", Math.round(times[Math.min(calls - 1, calls * 99 / 100)] * 1000) / 1000.0);
                spec.commandLine().getOut().println(Json.line(line));
                spec.commandLine().getOut().flush();
            }
        }
        return 0;
    }

    private static Map<String, Object> line(String bench, String reference, Kernels kernels, WorkerPool workers) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("bench", bench);
        line.put("impl", "heed");
        line.put("model", reference);
        line.put("kernels", kernels.name());
        line.put("threads", workers.threads());
        line.put("dtype", "f32");
        return line;
    }

    private static WorkerPool pool(int threads) {
        return WorkerPool.of(threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
    }

    private Model open(String reference, Kernels kernels, WorkerPool workers) {
        PrintWriter err = spec.commandLine().getErr();
        Path folder = Hub.standard().fetch(reference, new ProgressLine(err));
        return Models.open(
                reference, folder, ModelOptions.defaults().withKernels(kernels).withWorkers(workers));
    }

    private static EmbedOptions options(Model model) {
        return new Embedder(model).options();
    }

    /// The same text on the readable kernels must give the same vector, or there is nothing to time.
    private void check(String reference, int[] ids, Embedder embedder) {
        try (WorkerPool alone = WorkerPool.of(1);
                Model readable = open(reference, KernelProvider.scalar(), alone)) {
            float[] expected = new Embedder(readable, embedder.options())
                    .embedTokens(List.of(ids))
                    .getFirst();
            float[] actual = embedder.embedTokens(List.of(ids)).getFirst();
            for (int i = 0; i < expected.length; i++) {
                if (!(Math.abs(expected[i] - actual[i]) <= 1e-5)) {
                    throw new IllegalStateException("value " + i + " of the embedding is " + actual[i]
                            + ", the readable kernels compute " + expected[i]);
                }
            }
        }
    }

    /// Runs until the compiler has had its say: at least six seconds, and every shape of batch once.
    private static void warmUp(Embedder embedder, List<List<int[]>> batches) {
        long start = System.nanoTime();
        int i = 0;
        while (System.nanoTime() - start < 6_000_000_000L) {
            embedder.embedTokens(batches.get(i++ % batches.size()));
        }
    }

    private static List<int[]> ids(Model model, String input, int maxTokens) throws IOException {
        List<int[]> ids = new ArrayList<>();
        EncodeOptions options = EncodeOptions.defaults().withMaxTokens(maxTokens);
        Lines.forEachChunk(
                input,
                (lines, _) -> model.tokenizer().encode(lines, options).forEach(encoding -> ids.add(encoding.ids())));
        return ids;
    }

    /// Batches as the peers' scripts cut them: in order of length or of arrival, then an even sample of them.
    private static List<List<int[]>> batches(List<int[]> ids, int size, Order order, int sentences) {
        if (size < 1) {
            throw new IllegalArgumentException("a batch of " + size + " texts is none, use at least 1");
        }
        List<int[]> ordered = new ArrayList<>(ids);
        if (order == Order.SORTED) {
            ordered.sort(Comparator.comparingInt((int[] array) -> array.length).reversed());
        }
        List<List<int[]>> batches = new ArrayList<>();
        for (int from = 0; from < ordered.size(); from += size) {
            batches.add(ordered.subList(from, Math.min(from + size, ordered.size())));
        }
        if (sentences <= 0 || sentences >= ids.size()) {
            return batches;
        }
        int wanted = Math.max(1, Math.round(sentences / (float) size));
        return IntStream.range(0, wanted)
                .mapToObj(i -> batches.get((int) ((i + 0.5) * batches.size() / wanted)))
                .toList();
    }

    private static int[] someIds(Model model, int length) {
        java.util.Random random = new java.util.Random(1);
        int vocabulary = model.config().vocabularySize();
        return IntStream.range(0, length)
                .map(_ -> Math.min(vocabulary - 1, 1000 + random.nextInt(Math.max(1, vocabulary - 1000))))
                .toArray();
    }
}
