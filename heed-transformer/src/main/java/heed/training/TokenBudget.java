package heed.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Shuffled batches of sequences with as many tokens as fit a budget. As nothing is padded, lengths need not be
/// sorted, and chance alone decides what stands together.
///
/// @param lengths the tokens of each sequence
/// @param budget the most tokens in a batch; a longer sequence is a batch of its own
public record TokenBudget(int[] lengths, int budget, long seed) {
    public TokenBudget {
        if (lengths.length == 0) {
            throw new IllegalArgumentException("there is nothing to make batches of");
        }
        if (budget < 1) {
            throw new IllegalArgumentException("a batch needs a budget of at least 1 token, got " + budget);
        }
    }

    /// The batches of one walk through all sequences, as numbers of sequences. Every walk has an order of its
    /// own; the same number of a walk gives the same batches.
    public List<int[]> epoch(long number) {
        int[] order = shuffled(number);
        List<int[]> batches = new ArrayList<>();
        int from = 0;
        int tokens = 0;
        for (int i = 0; i < order.length; i++) {
            int length = lengths[order[i]];
            if (i > from && tokens + length > budget) {
                batches.add(Arrays.copyOfRange(order, from, i));
                from = i;
                tokens = 0;
            }
            tokens += length;
        }
        batches.add(Arrays.copyOfRange(order, from, order.length));
        return batches;
    }

    private int[] shuffled(long number) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        int[] order = new int[lengths.length];
        for (int i = 0; i < order.length; i++) { // Fisher and Yates, inside out
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
