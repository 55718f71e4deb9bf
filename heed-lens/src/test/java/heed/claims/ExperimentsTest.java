package heed.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Experiments at the effort of seconds: what they show does not depend on how fast this machine is, nor on
/// what else it does.
@NullMarked
class ExperimentsTest {
    private static final Trial QUICK =
            new Trial(Effort.QUICK, KernelProvider.active().kernels(), WorkerPool.shared(), _ -> {});

    static List<Claim> comparisons() {
        return List.of(new ThreeMatrices(), new Bottleneck(), new Distance());
    }

    @ParameterizedTest
    @MethodSource("comparisons")
    void comparisonsReportEveryModelAtEqualSteps(Claim claim) {
        Finding finding = claim.measure(QUICK);
        assertThat(finding.summary()).isNotBlank();
        Table medians = finding.tables().stream()
                .filter(table -> table.name().equals("median of the seeds"))
                .findFirst()
                .orElseThrow();
        assertThat(medians.rows().stream().map(row -> row.get(0)).distinct()).hasSizeGreaterThanOrEqualTo(3);
        List<Integer> sizes =
                medians.rows().stream().map(row -> (Integer) row.get(1)).toList();
        assertThat(sizes)
                .allSatisfy(
                        size -> assertThat((double) size).isCloseTo(sizes.getFirst(), within(0.03 * sizes.getFirst())));
        assertThat(finding.charts().getFirst().svg()).contains("chance");
    }

    @Test
    void theChainOfParallelIsCountedWhateverTheMachineDoes() {
        Finding finding = new Parallel().measure(QUICK);
        Table chain = finding.tables().stream()
                .filter(table -> table.name().equals("chain"))
                .findFirst()
                .orElseThrow();
        int lstm = (int) chain.rows().getLast().get(1)
                - (int) chain.rows().getFirst().get(1);
        assertThat(lstm).isEqualTo(2 * (64 - 16));
        assertThat(chain.rows()).allSatisfy(row -> assertThat(row.get(2)).isEqualTo(22));
        assertThat(finding.summary()).startsWith("Over 64 words 130 operations wait for each other in the LSTM, 22");
    }

    @Test
    void fusedAttentionNeedsMemoryForTheOutputAloneAndMatricesForThePairs() {
        Finding finding = new Quadratic().measure(QUICK);
        List<List<Object>> rows = finding.tables().getFirst().rows();
        assertThat(megabytes(rows, "fused attention", 256)).isCloseTo(256 * 256 * 4 / 1e6, within(1e-9));
        for (int n : new int[] {128, 256}) { // the output, the pairs of one head, and its keys in panels
            assertThat(megabytes(rows, "attention by whole matrices", n))
                    .isBetween((n * 256 + n * n) * 4 / 1e6, (n * 256 + n * n + n * 64) * 4 / 1e6);
        }
    }

    private static double megabytes(List<List<Object>> rows, String what, int tokens) {
        return rows.stream()
                .filter(row -> row.get(0).equals(what) && row.get(1).equals(tokens))
                .mapToDouble(row -> (double) row.get(3))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theSlopeOfAPowerIsItsExponent() {
        assertThat(Slope.of(List.of(2.0, 4.0, 8.0), List.of(12.0, 48.0, 192.0))).isCloseTo(2, within(1e-12));
        assertThat(Slope.ofLast(2, List.of(1.0, 2.0, 4.0), List.of(1000.0, 3.0, 6.0)))
                .isCloseTo(1, within(1e-12));
        assertThat(Slope.of(List.of(2.0), List.of(3.0))).isNaN();
    }

    @Test
    void theCrossingLiesBetweenTheLengthsOnEitherSideOfAHalf() {
        assertThat(Quadratic.crossing(List.of(512.0, 2048.0), List.of(0.25, 0.75)))
                .isEqualTo("1,024 tokens");
        assertThat(Quadratic.crossing(List.of(512.0, 2048.0), List.of(0.1, 0.2)))
                .isEqualTo("none of these lengths");
    }
}
