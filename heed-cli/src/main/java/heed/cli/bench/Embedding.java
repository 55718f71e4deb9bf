package heed.cli.bench;

import heed.kernel.WeightType;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.task.Embedder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Sentence vectors as the work that is measured, held against the readable kernels first.
final class Embedding {
    private static final float TOLERANCE = 1e-5f;

    private Embedding() {}

    /// How far vectors by rounded weights point from exact ones: the mean and the least cosine.
    record Agreement(double mean, double least) {
        private static final int DECIMALS = 5;

        Line addTo(Line line) {
            return line.with("cosine_mean", mean, DECIMALS).with("cosine_min", least, DECIMALS);
        }
    }

    /// Holds the model that is to be timed against a referee: with exact weights against the readable kernels,
    /// on the first text; with others against exact weights, on all texts.
    ///
    /// @return how far they agree; empty for exact weights, which must
    /// @throws IllegalStateException when exact weights give another vector than the readable kernels do
    static Optional<Agreement> check(ModelChoice choice, Model opened, List<int[]> texts, Console console) {
        Embedder embedder = new Embedder(opened);
        if (opened.weights().type() == WeightType.F32) {
            checkExact(choice, embedder, texts.getFirst(), console);
            return Optional.empty();
        }
        try (Model exact = choice.openExact(opened.workers(), console)) {
            Embedder referee = new Embedder(exact, embedder.options());
            double[] cosines = texts.stream()
                    .map(List::of)
                    .mapToDouble(text -> Embedder.cosine(
                            referee.embedTokens(text).getFirst(),
                            embedder.embedTokens(text).getFirst()))
                    .toArray();
            return Optional.of(new Agreement(
                    Arrays.stream(cosines).average().orElseThrow(),
                    Arrays.stream(cosines).min().orElseThrow()));
        }
    }

    private static void checkExact(ModelChoice choice, Embedder embedder, int[] ids, Console console) {
        try (WorkerPool alone = WorkerPool.of(1);
                Model readable = choice.openReadable(alone, console)) {
            float[] expected = new Embedder(readable, embedder.options())
                    .embedTokens(List.of(ids))
                    .getFirst();
            float[] actual = embedder.embedTokens(List.of(ids)).getFirst();
            for (int i = 0; i < expected.length; i++) {
                if (!(Math.abs(expected[i] - actual[i]) <= TOLERANCE)) {
                    throw new IllegalStateException("value " + i + " of the embedding is " + actual[i]
                            + ", the readable kernels compute " + expected[i]);
                }
            }
        }
    }
}
