package heed.cli.bench;

import heed.task.Embedder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Texts of random lengths, and what a single run makes of each.
record SoakRequests(List<int[]> texts, List<float[]> answers) {
    private static final int COUNT = 200;

    /// Short texts are the most, as in life: a length is the product of two even draws.
    static SoakRequests of(Embedder embedder, int longest, int vocabularySize) {
        SplittableRandom random = new SplittableRandom(7);
        List<int[]> texts = IntStream.range(0, COUNT)
                .mapToObj(_ -> SomeTokens.text(
                        1 + (int) (longest * random.nextDouble() * random.nextDouble()), vocabularySize))
                .toList();
        List<float[]> answers = texts.stream()
                .map(text -> embedder.embedTokens(List.of(text)).getFirst())
                .toList();
        return new SoakRequests(texts, answers);
    }

    int size() {
        return texts.size();
    }
}
