package heed.cli.bench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Token ids that mean nothing: speed does not depend on which words there are, only on how many.
final class SomeTokens {
    /// Ids below are special tokens and single letters in most vocabularies.
    private static final int FIRST_WORD = 1000;

    private SomeTokens() {}

    /// @throws IllegalArgumentException when `tokens` is not positive
    static int[] text(int tokens, int vocabularySize) {
        if (tokens < 1) {
            throw new IllegalArgumentException("a text of " + tokens + " tokens is none, use at least 1");
        }
        SplittableRandom random = new SplittableRandom(tokens);
        int first = Math.min(FIRST_WORD, vocabularySize - 1);
        return IntStream.range(0, tokens)
                .map(_ -> random.nextInt(first, vocabularySize))
                .toArray();
    }

    static List<int[]> texts(int count, int tokens, int vocabularySize) {
        return IntStream.range(0, count)
                .mapToObj(_ -> text(tokens, vocabularySize))
                .toList();
    }
}
