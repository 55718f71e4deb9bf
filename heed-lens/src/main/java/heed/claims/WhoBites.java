package heed.claims;

import heed.claims.Learning.Example;
import heed.claims.SmallEncoder.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// "The dog bites the man": which of two animals bites? A sentence and its reverse have the same words and
/// different answers, so half of the answers can be guessed and no more.
final class WhoBites {
    private static final int ANIMALS = 20;
    private static final int THE = ANIMALS;
    private static final int BITES = ANIMALS + 1;
    private static final double HELD_OUT = 0.25;
    private static final int LENGTH = 5;

    private WhoBites() {}

    /// An encoder of its sentences and answers.
    static Plan plan() {
        return Plan.of(ANIMALS + 2, ANIMALS, LENGTH);
    }

    /// Sentences to learn from, and others whose pairs of animals are in none of them.
    record Split(List<Example> seen, List<Example> unseen) {
        static Split of(long seed) {
            var random = new SplittableRandom(seed);
            Split split = new Split(new ArrayList<>(), new ArrayList<>());
            for (int a = 0; a < ANIMALS; a++) {
                for (int b = a + 1; b < ANIMALS; b++) {
                    addBoth(a, b, random.nextDouble() < HELD_OUT ? split.unseen : split.seen);
                }
            }
            return split;
        }
    }

    static List<Example> all() {
        List<Example> examples = new ArrayList<>();
        for (int a = 0; a < ANIMALS; a++) {
            for (int b = a + 1; b < ANIMALS; b++) {
                addBoth(a, b, examples);
            }
        }
        return examples;
    }

    private static void addBoth(int a, int b, List<Example> home) {
        home.add(new Example(new int[] {THE, a, BITES, THE, b}, a));
        home.add(new Example(new int[] {THE, b, BITES, THE, a}, b));
    }
}
