package heed.claims;

import java.util.SplittableRandom;

/// Exercises of one kind, from easy to hard, and the examinations that show what was learned of them.
interface Drill {
    Reading reading();

    /// How many grades of difficulty there are; a learner goes up from grade 0.
    int grades();

    /// An exercise to learn from.
    Exercise draw(int grade, SplittableRandom random);

    /// How many examinations there are.
    int examinations();

    /// What an examination is about, as a number: how many pairs, how far back.
    int about(int examination);

    /// An exercise of an examination.
    Exercise examine(int examination, SplittableRandom random);

    /// The share of answers that are right by guessing evenly.
    default double chance() {
        return 1.0 / reading().classes();
    }
}
