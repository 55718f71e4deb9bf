package heed.recipe;

import java.util.SplittableRandom;

/// Chance by given probabilities.
final class Drawing {
    private Drawing() {}

    /// An index, each with its probability; they sum to 1.
    static int draw(float[] probabilities, SplittableRandom random) {
        double left = random.nextDouble();
        for (int i = 0; i < probabilities.length - 1; i++) {
            left -= probabilities[i];
            if (left < 0) {
                return i;
            }
        }
        return probabilities.length - 1;
    }
}
