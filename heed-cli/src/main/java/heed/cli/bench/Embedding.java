package heed.cli.bench;

import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.task.Embedder;
import java.util.List;

/// Sentence vectors as the work that is measured, held against the readable kernels first.
final class Embedding {
    private static final float TOLERANCE = 1e-5f;

    private Embedding() {}

    /// @throws IllegalStateException when the model that is to be timed gives another vector than the readable
    /// kernels do
    static void check(ModelChoice choice, Embedder embedder, int[] ids, Console console) {
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
