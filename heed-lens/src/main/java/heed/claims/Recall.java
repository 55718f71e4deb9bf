package heed.claims;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Pairs of a key and a value, `k₁ v₁ … k_N v_N`, and then each key again, in another order: which value was
/// with it? (Associative recall as in Graves et al. 2014, §4.3, with single tokens as items.)
///
/// @param hardest grades have 1, 2, 4, … pairs, the last so many: 2 to this power
record Recall(int hardest) implements Drill {
    private static final int KEYS = 40;
    private static final int VALUES = 8;

    @Override
    public Reading reading() {
        return new Reading(KEYS + VALUES, VALUES, 3 * pairs(hardest));
    }

    private static int pairs(int grade) {
        return 1 << grade;
    }

    @Override
    public int grades() {
        return hardest + 1;
    }

    @Override
    public Exercise draw(int grade, SplittableRandom random) {
        int pairs = pairs(grade);
        int[] keys = random.ints(0, KEYS).distinct().limit(pairs).toArray();
        int[] values = random.ints(pairs, 0, VALUES).toArray();
        int[] asked = random.ints(0, pairs).distinct().limit(pairs).toArray();
        int[] ids = new int[3 * pairs];
        int[] answers = new int[3 * pairs];
        Arrays.fill(answers, -1);
        for (int i = 0; i < pairs; i++) {
            ids[2 * i] = keys[i];
            ids[2 * i + 1] = KEYS + values[i];
            ids[2 * pairs + i] = keys[asked[i]];
            answers[2 * pairs + i] = values[asked[i]];
        }
        return new Exercise(ids, answers);
    }

    @Override
    public int examinations() {
        return grades();
    }

    /// The number of pairs.
    @Override
    public int about(int examination) {
        return pairs(examination);
    }

    @Override
    public Exercise examine(int examination, SplittableRandom random) {
        return draw(examination, random);
    }

    /// What a pair tells: a value, and the key that it goes with.
    double bits() {
        return (Math.log(KEYS) + Math.log(VALUES)) / Math.log(2);
    }

    /// The share of answers that are right for one who remembers which value was there most often and nothing
    /// else.
    double commonest(int grade, int trials, SplittableRandom random) {
        double right = 0;
        for (int t = 0; t < trials; t++) {
            int[] counts = new int[VALUES];
            random.ints(pairs(grade), 0, VALUES).forEach(value -> counts[value]++);
            right += Arrays.stream(counts).max().orElse(0) / (double) pairs(grade);
        }
        return right / trials;
    }
}
