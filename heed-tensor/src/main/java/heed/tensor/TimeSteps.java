package heed.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The order in which a recurrent network goes through some sequences of a batch: all of them one position at a
/// time, the longest sequence first in rank. So the sequences that a step still finds tokens in are the first
/// ranks, and nothing is computed where a sequence has ended.
public final class TimeSteps {
    private final Sequences sequences;
    private final boolean backwards;
    private final int[] ranked; // sequences by rank

    private TimeSteps(Sequences sequences, boolean backwards, int[] ranked) {
        this.sequences = sequences;
        this.backwards = backwards;
        this.ranked = ranked;
    }

    /// Cuts a batch into groups of sequences with about the same number of steps.
    ///
    /// @param backwards from the last position to the first
    static List<TimeSteps> of(Sequences sequences, boolean backwards, int groups) {
        List<List<Integer>> dealt = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            dealt.add(new ArrayList<>());
        }
        List<Integer> byLength = IntStream.range(0, sequences.count())
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(sequences::length).reversed())
                .toList();
        for (int i = 0; i < byLength.size(); i++) { // there and back, so that no group gets the longer one each time
            int turn = i % (2 * groups);
            dealt.get(turn < groups ? turn : 2 * groups - 1 - turn).add(byLength.get(i));
        }
        return dealt.stream()
                .map(group -> new TimeSteps(
                        sequences,
                        backwards,
                        group.stream().mapToInt(Integer::intValue).toArray()))
                .toList();
    }

    /// The sequences of this group.
    public int count() {
        return ranked.length;
    }

    /// The positions of its longest sequence.
    public int steps() {
        return ranked.length == 0 ? 0 : sequences.length(ranked[0]);
    }

    /// How many sequences, the first ones in rank, have a position at a step.
    public int running(int step) {
        int running = ranked.length;
        while (running > 0 && sequences.length(ranked[running - 1]) <= step) {
            running--;
        }
        return running;
    }

    /// The number in the batch of the sequence of a rank.
    public int sequence(int rank) {
        return ranked[rank];
    }

    /// The row of the position that a sequence is at.
    public int row(int rank, int step) {
        int sequence = ranked[rank];
        return backwards ? sequences.end(sequence) - 1 - step : sequences.start(sequence) + step;
    }

    /// The row of the position it was at before; at the first step there is none.
    public int rowBefore(int rank, int step) {
        return row(rank, step - 1);
    }
}
