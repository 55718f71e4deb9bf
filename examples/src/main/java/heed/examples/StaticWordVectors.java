package heed.examples;

import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.pass.DropoutRates;
import heed.tensor.Compute;
import heed.training.Optimizer;
import heed.training.ParameterTree;
import heed.training.Schedule;
import heed.training.SkipGram;
import heed.training.SkipGramText;
import heed.training.StaticVectors;
import heed.training.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Learns static word vectors from a text by skip-gram, and prints the nearest neighbours of some words.
///
/// usage: `StaticWordVectors TEXT WORD…`
public final class StaticWordVectors {
    private StaticWordVectors() {}

    public static void main(String[] arguments) throws IOException {
        String text = Files.readString(Path.of(arguments[0]));
        StaticVectors vectors = learn(text, 5, 3000);
        for (String word : Arrays.asList(arguments).subList(1, arguments.length)) {
            System.out.println(word + ": "
                    + vectors.nearest(word, 8).stream()
                            .map(StaticVectors.Neighbour::word)
                            .collect(Collectors.joining(", ")));
        }
    }

    /// @param least occurrences of a word that gets a vector
    static StaticVectors learn(String text, int least, int steps) {
        List<String> tokens = Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}']+"))
                .filter(token -> !token.isEmpty())
                .toList();
        Map<String, Long> counts =
                tokens.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        List<String> words = counts.entrySet().stream()
                .filter(counted -> counted.getValue() >= least)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        Map<String, Integer> ids = new HashMap<>();
        words.forEach(word -> ids.put(word, ids.size()));
        int[] all =
                tokens.stream().mapToInt(token -> ids.getOrDefault(token, -1)).toArray();

        SkipGram model = SkipGram.fresh(words.size(), 64, 1);
        SkipGramText task = new SkipGramText(model, all, all, new SkipGramText.Settings(5, 5, 512, 1e-3, 1));
        Compute compute = new Compute(KernelProvider.active().kernels(), WorkerPool.shared());
        Trainer.Settings settings = new Trainer.Settings(
                new Optimizer.Adam(0.9, 0.99, 1e-8, 0),
                new Schedule.Linear(5e-3, 1e-4, 0, steps),
                0,
                DropoutRates.NONE,
                1);
        Trainer trainer = new Trainer(ParameterTree.of(model), settings, compute);
        for (long step = 1; step <= steps; step++) {
            trainer.step(task.batch(step));
        }
        return new StaticVectors(words, model.words().table());
    }
}
