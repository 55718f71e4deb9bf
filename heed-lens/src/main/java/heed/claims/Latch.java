package heed.claims;

import java.util.Arrays;
import java.util.SplittableRandom;

/// T symbols, one of them marked, and a question at the end: which one was it? (The latch problem of Bengio et
/// al. 1994, §II, with the mark in any place.)
///
/// @param shortest T of the first grade
/// @param hardest T doubles from grade to grade, so many times
record Latch(int shortest, int hardest) implements Drill {
    private static final int SYMBOLS = 8;
    private static final int QUESTION = 2 * SYMBOLS; // behind the symbols and the marked symbols

    @Override
    public Reading reading() {
        return new Reading(2 * SYMBOLS + 1, SYMBOLS, longest() + 1);
    }

    /// T of the last grade.
    int longest() {
        return shortest << hardest;
    }

    @Override
    public int grades() {
        return hardest + 1;
    }

    @Override
    public Exercise draw(int grade, SplittableRandom random) {
        int length = shortest << grade;
        return marked(length, random.nextInt(length), random);
    }

    private static Exercise marked(int length, int place, SplittableRandom random) {
        int[] ids = random.ints(length + 1, 0, SYMBOLS).toArray();
        int[] answers = new int[length + 1];
        Arrays.fill(answers, -1);
        answers[length] = ids[place];
        ids[place] += SYMBOLS;
        ids[length] = QUESTION;
        return new Exercise(ids, answers);
    }

    /// One for each distance of 1, 2, 4, … up to the longest.
    @Override
    public int examinations() {
        return Integer.numberOfTrailingZeros(Integer.highestOneBit(longest())) + 1;
    }

    /// The distance from the question back to the mark.
    @Override
    public int about(int examination) {
        return 1 << examination;
    }

    @Override
    public Exercise examine(int examination, SplittableRandom random) {
        return marked(longest(), longest() - about(examination), random);
    }
}
