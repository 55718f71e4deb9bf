package heed.claims;

import static org.assertj.core.api.Assertions.assertThat;

import heed.claims.Practice.Budget;
import heed.claims.Practice.Outcome;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class PracticeTest {
    private static final Trial QUICK =
            new Trial(Effort.QUICK, KernelProvider.active().kernels(), WorkerPool.shared(), _ -> {});

    @Test
    void aTransformerLearnsToRecallOnePair() {
        Recall recall = new Recall(0);
        Practice practice = new Practice(recall, 16, 64, QUICK.compute());
        SequenceModel model = Architecture.TRANSFORMER.fresh(recall.reading(), 1, 16, 1);
        Outcome outcome = practice.learn(model, 1e-2, new Budget(150, 0), 1);
        assertThat(outcome.afterSteps()).hasSize(1).allMatch(share -> share > 0.9);
        assertThat(outcome.grade()).isZero();
        assertThat(outcome.loss()).isLessThan(0.5);
    }

    @Test
    void whatWasLearnedIsWhatItsNumbersSay() {
        Outcome outcome = new Outcome(List.of(0.5, 0.25), List.of(0.75, 1.0), 3, 0.125, 0.01, Double.NaN);
        assertThat(Outcome.of(outcome.numbers())).isEqualTo(outcome);
        assertThat(outcome.mean()).isEqualTo(0.375);
        assertThat(outcome.undisturbed()).isTrue();
        assertThat(Outcome.of(new double[] {0, 0, 0, 0.2}).undisturbed()).isFalse();
    }

    @Test
    void everyRunOfAComparisonIsACellAndEveryModelHasItsRate() {
        Set<String> cells = new TreeSet<>();
        Trial noted = QUICK.in((name, measurement) -> {
            assertThat(cells.add(name)).isTrue();
            return new double[] {0, name.contains("0.003") ? 0 : 1, 0.5, 0, name.contains("0.003") ? 0.75 : 0.5, 0.25};
        });
        Recall recall = new Recall(0);
        Comparison comparison =
                new Comparison(new Practice(recall, 2, 2, QUICK.compute()), new Budget(9, 1), "pairs", noted);
        List<Outcome> learned =
                comparison.teach("LSTM", "LSTM", seed -> Architecture.LSTM.fresh(recall.reading(), 1, 4, seed));
        comparison.teach("wide LSTM", "LSTM", seed -> Architecture.LSTM.fresh(recall.reading(), 1, 5, seed));
        assertThat(learned)
                .hasSize(3)
                .allSatisfy(outcome -> assertThat(outcome.afterSteps()).containsExactly(0.75));
        assertThat(cells)
                .hasSize(3 + 3 + 3)
                .contains("LSTM, rate 0.01, 3 steps, seed 1000", "wide LSTM, rate 0.003, 9 steps, seed 2");
        assertThat(comparison.equal("LSTM")).isFalse();
        assertThat(comparison.undisturbed()).isTrue();
        assertThat(Comparison.spreads(learned, true)).containsExactly(new Spread(0.25, 0.25, 0.25));
        assertThat(comparison.tables()).hasSize(3);
    }
}
