package heed.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import heed.chart.Axis;
import heed.chart.LineChart;
import heed.chart.LineChart.Line;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.lens.roles.Templates;
import heed.lens.senses.SenseData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class ClaimsTest {
    private static final Trial QUICK =
            new Trial(Effort.QUICK, KernelProvider.active().kernels(), WorkerPool.shared(), _ -> {});
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2017-06-12T00:00:00Z"));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void theFutureLeavesNoTraceBehindAMask() {
        Finding finding = new Masks(true).measure(QUICK);
        assertThat(finding.confirmed()).isTrue();
        assertThat(finding.tables().getFirst().rows())
                .hasSize(3)
                .allSatisfy(row -> assertThat(row.subList(2, 6))
                        .satisfies(numbers -> assertThat(numbers.get(0)).isEqualTo(0.0))
                        .satisfies(numbers -> assertThat(numbers.get(2)).isEqualTo(0))
                        .satisfies(numbers -> assertThat(numbers.get(3)).isEqualTo(0.0)));
    }

    @Test
    void withoutAMaskTheSameExperimentSeesTheFuture() {
        Finding finding = new Masks(false).measure(QUICK);
        assertThat(finding.confirmed()).isFalse();
        assertThat(finding.tables().getFirst().rows()).allSatisfy(row -> {
            assertThat((double) row.get(2)).isPositive();
            assertThat((int) row.get(4)).isPositive();
            assertThat((double) row.get(5)).isPositive();
        });
    }

    @Test
    void whoBitesCannotBeToldWithoutPositions() {
        Finding finding = new Order().measure(QUICK);
        assertThat(finding.confirmed()).as(finding.summary()).isTrue();
        assertThat(finding.tables()).hasSize(2);
    }

    @Test
    void attentionInDoublePrecisionPermutesWithItsInput() {
        DoubleAttention.Worst worst = DoubleAttention.worstOfPermutations(8, 20, 1);
        assertThat(worst.rows()).isBetween(0.0, 1e-12);
        assertThat(worst.means()).isBetween(0.0, 1e-12);
    }

    @Test
    void softmaxPeaksWithoutAScale() {
        Finding finding = new Scale().measure(QUICK);
        assertThat(finding.confirmed()).as(finding.summary()).isTrue();
        assertThat(finding.charts()).hasSize(3);
    }

    @Test
    void sensesAreMeasuredWithAnyModel() {
        String tiny = "../heed-models/src/test/resources/golden/t5/encoder";
        Finding finding = new Senses(tiny, tiny, () -> SenseData.homographs().thinned(4)).measure(QUICK);
        assertThat(finding.tables())
                .extracting(Table::name)
                .containsExactly("wordnet", "homographs", "comparisons", "swap");
        assertThat(finding.tables().getLast().rows()).hasSize(12);
        assertThat(finding.charts()).hasSize(2);
        assertThat(finding.confirmed()).isFalse(); // it never learned anything
    }

    @Test
    void headsAreMeasuredWithAnyModel() {
        String tiny = "../heed-models/src/test/resources/golden/t5/encoder";
        Finding finding = new HeadRoles(tiny, tiny, _ -> Templates.corpus(15, 2)).measure(QUICK);
        assertThat(finding.tables()).extracting(Table::name).containsExactly("roles", "found", "diversity");
        assertThat(finding.confirmed()).as(finding.summary()).isFalse(); // it never learned anything
    }

    @Test
    void whatAVerbCarriesIsMeasuredLayerByLayer() {
        String tiny = "../heed-models/src/test/resources/golden/t5/encoder";
        Finding finding = new Layers(tiny, tiny).measure(QUICK);
        assertThat(finding.tables().getFirst().rows()).hasSizeBetween(4, 20); // learned and random
        assertThat(finding.confirmed()).as(finding.summary()).isFalse();
    }

    @Test
    void aProbeFindsWhatIsLinearInVectors() {
        float[][] vectors = new float[40][7];
        int[] classes = new int[40];
        for (int i = 0; i < 40; i++) {
            classes[i] = i % 3;
            for (int d = 0; d < 7; d++) {
                vectors[i][d] = (float) Math.sin(i * 7 + d) + (d == classes[i] ? 3 : 0);
            }
        }
        LinearProbe probe = new LinearProbe(vectors, classes, 3);
        assertThat(probe.classOf(new float[] {3, 0, 0, 0, 0, 0, 0})).isZero();
        assertThat(probe.classOf(new float[] {0, 0, 3, 0, 0, 0, 0})).isEqualTo(2);
    }

    @Test
    void aResultIsKeptWholeAndReadBack() throws IOException {
        ClaimResult result = ClaimResult.measure(new Fixed(), QUICK, CLOCK);
        ClaimFolder results = new ClaimFolder(folder.resolve("new"));
        results.write(result);
        assertThat(results.read("order")).contains(result);
        assertThat(results.read("masks")).isEmpty();
        assertThat(folder.resolve("new/order-a-table.csv")).hasContent("what,\"how, much\"\n\"a \"\"b\"\"\",0.5");
        assertThat(folder.resolve("new/order-1.svg")).content().startsWith("<svg");
        assertThat(result.conditions()).containsEntry("effort", "quick").containsKey("kernels");
    }

    @Test
    void whatIsNoResultIsRefused() throws IOException {
        Files.writeString(folder.resolve("order.json"), "[1");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new ClaimFolder(folder).read("order"))
                .withMessageContaining("order.json is no result of a claim")
                .withMessageContaining("run order again");
    }

    @Test
    void theReportHasEveryClaimWithItsRuleAndPictures() {
        String html =
                new ClaimReport(List.of(ClaimResult.measure(new Fixed(), QUICK, CLOCK)), Claims.ofLectures()).html();
        assertThat(html)
                .contains("not confirmed")
                .contains("half of &lt;it>")
                .contains("<svg")
                .contains("a table, 1 rows")
                .contains("0.5000")
                .contains("heed claims run order");
    }

    @Test
    void aClaimThatDoesNotExistIsNamedWithThoseThatDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Claims.ofLectures().named("ordr"))
                .withMessageStartingWith("there is no claim 'ordr'; there are order, masks, scale, ");
    }

    @Test
    void aRowMustFitItsTable() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Table.of("t", "a", "b").row(1).table())
                .withMessage("a row of the table 't' has 1 values, there are 2 columns");
    }

    @Test
    void medianAndRangeOfSeeds() {
        assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(1, 2, 3));
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
    }

    /// What is found without an experiment.
    private static final class Fixed implements Claim {
        @Override
        public String name() {
            return "order";
        }

        @Override
        public String statement() {
            return "It holds.";
        }

        @Override
        public String rule() {
            return "More than half of <it>.";
        }

        @Override
        public Lesson lesson() {
            return new Lesson("Why?", "Because.");
        }

        @Override
        public Finding measure(Trial trial) {
            return new Finding(
                    false,
                    "half of <it>",
                    List.of(Table.of("a table", "what", "how, much")
                            .row("a \"b\"", 0.5)
                            .table()),
                    List.of(new LineChart(
                            "chart",
                            Axis.linear("x"),
                            Axis.linear("y"),
                            List.of(new Line("line", new double[] {0, 1}, new double[] {1, 2})))));
        }
    }
}
