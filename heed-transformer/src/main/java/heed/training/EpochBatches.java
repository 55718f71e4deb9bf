package heed.training;

import java.util.ArrayList;
import java.util.List;

/// The batches of a [TokenBudget] by the number of the step: walk after walk through all sequences. Which
/// sequences a step has depends on its number alone, so training can go on at any step.
public final class EpochBatches {
    private final TokenBudget budget;
    private final List<Long> ends = new ArrayList<>(); // the last step of each walk so far
    private List<int[]> batches = List.of();
    private int walk = -1;

    public EpochBatches(TokenBudget budget) {
        this.budget = budget;
    }

    /// How many steps the first walk takes; others take about as many.
    public long stepsPerEpoch() {
        return budget.epoch(0).size();
    }

    /// The numbers of the sequences of a step.
    ///
    /// @param step from 1
    public int[] batch(long step) {
        while (ends.isEmpty() || ends.getLast() < step) {
            long before = ends.isEmpty() ? 0 : ends.getLast();
            ends.add(before + budget.epoch(ends.size()).size());
        }
        int at = 0;
        while (ends.get(at) < step) {
            at++;
        }
        if (at != walk) {
            batches = budget.epoch(at);
            walk = at;
        }
        return batches.get((int) (step - 1 - (at == 0 ? 0 : ends.get(at - 1))));
    }
}
