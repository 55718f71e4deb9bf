package heed.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochBatchesTest {
    private static final int[] LENGTHS = {3, 7, 2, 9, 4, 4, 1, 6};

    @Test
    void stepsWalkThroughAllSequencesAgainAndAgain() {
        TokenBudget budget = new TokenBudget(LENGTHS, 10, 5);
        EpochBatches batches = new EpochBatches(budget);
        List<Integer> seen = new ArrayList<>();
        long step = 1;
        while (seen.size() < 3 * LENGTHS.length) {
            Arrays.stream(batches.batch(step++)).forEach(seen::add);
        }
        for (int walk = 0; walk < 3; walk++) {
            assertThat(seen.subList(walk * LENGTHS.length, (walk + 1) * LENGTHS.length))
                    .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
        }
        assertThat(batches.stepsPerEpoch()).isEqualTo(budget.epoch(0).size());
    }

    @Test
    void aStepHasTheSameSequencesWhoeverAsksFirst() {
        TokenBudget budget = new TokenBudget(LENGTHS, 10, 5);
        EpochBatches all = new EpochBatches(budget);
        for (long step = 1; step < 12; step++) {
            assertThat(new EpochBatches(budget).batch(step)).isEqualTo(all.batch(step));
        }
    }
}
