package heed.lens.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import heed.corpus.ConlluFile;
import heed.corpus.TaggedSentence;
import heed.lens.roles.LinkedSentence.Link;
import heed.model.Model;
import heed.model.Models;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolesTest {
    private static final Path TINY = Path.of("../heed-models/src/test/resources/golden/bert/masked-lm");

    /// Takes texts of any length.
    private static final Path LONG = Path.of("../heed-models/src/test/resources/golden/t5/encoder");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void whatWasKeptOfAnInterruptedReportIsNotCountedAgain() throws IOException {
        Corpus corpus = Templates.corpus(10, 3);
        try (Model model = Models.open(PlantedEncoder.write(folder, corpus))) {
            Map<String, double[]> kept = new HashMap<>();
            RoleReport whole = RoleReport.of(model, corpus, new long[] {1}, _ -> {}, (name, counting) -> {
                kept.put(name, counting.get());
                return kept.get(name);
            });
            assertThat(kept).hasSize(2);
            RoleReport again = RoleReport.of(model, corpus, new long[] {1}, _ -> {}, (name, _) -> kept.get(name));
            assertThat(again).isEqualTo(whole);
        }
    }

    @Test
    void everyPlantedHeadIsFoundAndRandomWeightsHaveNoRoles() throws IOException {
        Corpus corpus = Templates.corpus(50, 3);
        try (Model model = Models.open(PlantedEncoder.write(folder, corpus))) {
            RoleReport report = RoleReport.of(model, corpus, new long[] {1, 2}, _ -> {});
            List<Role> planted = PlantedEncoder.roles();
            for (int head = 0; head < planted.size(); head++) {
                Role role = planted.get(head);
                RoleReport.OfRole best = Objects.requireNonNull(report.of(role), role.name());
                assertThat(best.best().rate()).as(role.name()).isGreaterThan(0.95);
                int layer = head / PlantedEncoder.HEADS;
                int number = head % PlantedEncoder.HEADS;
                assertThat(report.heads()).as(role.name()).anySatisfy(one -> {
                    assertThat(one.role()).isEqualTo(role);
                    assertThat(one.layer()).isEqualTo(layer);
                    assertThat(one.head()).isEqualTo(number);
                    assertThat(one.rate()).isGreaterThan(0.95);
                });
                if (role.links()) {
                    assertThat(best.best().rate()).as(role.name()).isEqualTo(1);
                    assertThat(best.offsetRate()).as(role.name()).isLessThan(0.9);
                    assertThat(Objects.requireNonNull(best.aboveOffset()).low())
                            .as(role.name())
                            .isPositive();
                }
            }
            assertThat(report.falseShare()).isLessThanOrEqualTo(0.05);
            assertThat(new RoleText(report).text())
                    .contains("with random weights")
                    .contains("determiner");
            assertThat(new RoleSvg(report).svg()).contains("layer 1, head 5, pronoun 100 %");

            HeadDiversity diversity = HeadDiversity.of(model, corpus, 10);
            assertThat(diversity.between()[0][1]).isGreaterThan(0.8); // one looks back, the other ahead
            assertThat(diversity.between()[0][0]).isZero();
            assertThat(diversity.mean()).isBetween(0.0, 1.0);
            assertThat(diversity.within()).hasSize(2);
        }
    }

    @Test
    void tagsOfBrownLinkWhatLeavesLittleDoubt() {
        List<Link> links = TaggedLinks.of(new TaggedSentence(
                        "ca01",
                        1,
                        List.of("The", "old", "jury", "praised", "a", "very", "good", "city", "plan", "."),
                        List.of("at", "jj", "nn-tl", "vbd", "at", "ql", "jj", "nn", "nn", ".")))
                .links();
        assertThat(links)
                .containsExactly(
                        Link.of(Role.DETERMINER, 0, 2),
                        Link.of(Role.ADJECTIVE, 1, 2),
                        Link.of(Role.OBJECT, 8, 3),
                        Link.of(Role.DETERMINER, 4, 8),
                        Link.of(Role.ADJECTIVE, 6, 8));
    }

    @Test
    void linkingVerbsTimesAndOwnersAreLeftOut() {
        assertThat(linked("became/vbd a/at king/nn")).containsExactly(Link.of(Role.DETERMINER, 1, 2));
        assertThat(linked("left/vbd this/dt morning/nn")).containsExactly(Link.of(Role.DETERMINER, 1, 2));
        assertThat(linked("saw/vbd the/at city/nn bank's/nn$ door/nn")).isEmpty();
        assertThat(linked("dogs/nns like/vb dogs/nns"))
                .containsExactly(Link.of(Role.DUPLICATE, 0, 2), Link.of(Role.DUPLICATE, 2, 0));
    }

    private static List<Link> linked(String tagged) {
        List<String> tokens = List.of(tagged.split(" "));
        return TaggedLinks.of(new TaggedSentence(
                        "x",
                        1,
                        tokens.stream().map(token -> token.split("/")[0]).toList(),
                        tokens.stream().map(token -> token.split("/")[1]).toList()))
                .links();
    }

    @Test
    void dependenciesOfATreebankAreLinks() {
        String text = """
                1\tdogs\tdog\tNOUN\t_\t_\t2\tnsubj\t_\t_
                2\tchase\tchase\tVERB\t_\t_\t0\troot\t_\t_
                3\tthe\tthe\tDET\t_\t_\t5\tdet\t_\t_
                4\told\told\tADJ\t_\t_\t5\tamod\t_\t_
                5\tdogs\tdog\tNOUN\t_\t_\t2\tobj\t_\t_
                """;
        assertThat(Corpus.of("x", ConlluFile.parse(text, "x"))
                        .sentences()
                        .getFirst()
                        .links())
                .containsExactlyInAnyOrder(
                        Link.of(Role.DUPLICATE, 0, 4),
                        Link.of(Role.DUPLICATE, 4, 0),
                        Link.of(Role.SUBJECT, 0, 1),
                        Link.of(Role.DETERMINER, 2, 4),
                        Link.of(Role.ADJECTIVE, 3, 4),
                        Link.of(Role.OBJECT, 4, 1));
    }

    @Test
    void aSignTestCountsFairTosses() {
        assertThat(Significance.signTest(5, 0)).isCloseTo(1 / 32.0, within(1e-12));
        assertThat(Significance.signTest(4, 1)).isCloseTo(6 / 32.0, within(1e-12));
        assertThat(Significance.signTest(0, 5)).isCloseTo(1, within(1e-12));
        assertThat(Significance.signTest(0, 0)).isEqualTo(1);
        assertThat(Significance.signTest(600, 400)).isBetween(1e-11, 1e-9);
    }

    @Test
    void falseDiscoveriesAreReckonedOverAllTests() {
        assertThat(Significance.qValues(new double[] {0.04, 0.01, 0.03, 0.5}))
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(4 * 0.04 / 3, 0.04, 4 * 0.04 / 3, 0.5);
    }

    @Test
    void headsThatNeverLookAtTheSameTokenAreOneBitApart() {
        assertThat(HeadDiversity.divergence(new float[] {1, 0}, new float[] {0, 1}))
                .isCloseTo(1, within(1e-12));
        assertThat(HeadDiversity.divergence(new float[] {0.25f, 0.75f}, new float[] {0.25f, 0.75f}))
                .isZero();
        // H(3/4) - (0 + 1) / 2
        assertThat(HeadDiversity.divergence(new float[] {1, 0}, new float[] {0.5f, 0.5f}))
                .isCloseTo(0.3112781, within(1e-6));
    }

    @Test
    void withoutAnyHeadTheOrderNoLongerMatters() {
        try (Model model = Models.open(TINY)) {
            List<String> texts =
                    List.of("the river bank", "the bank can lend money", "the person by the river", "a cat");
            HeadPruning pruning = HeadPruning.of(model, texts, 5, _ -> {});
            HeadPruning.Loss first = pruning.points().getFirst();
            assertThat(first.least()).isEqualTo(pruning.whole()).isEqualTo(first.random());
            HeadPruning.Loss last = pruning.points().getLast();
            assertThat(last.heads()).isEqualTo(10);
            assertThat(last.least()).isCloseTo(last.random(), within(1e-9)).isNotEqualTo(pruning.whole());
            assertThat(pruning.chart().svg()).contains("least needed first");
        }
        try (Model model = Models.open(TINY.resolveSibling("base"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HeadPruning.of(model, List.of("a", "b"), 5, _ -> {}))
                    .withMessageContaining("predicts no masked words");
        }
    }

    @Test
    void thePronounOfAnOpenSentenceHasADistribution() {
        try (Model model = Models.open(LONG)) {
            Antecedents found = Antecedents.of(model, 1, 2);
            assertThat(found.byVerb()).containsOnlyKeys("told", "warned", "promised", "reminded", "assured");
            assertThat(found.byVerb().values()).allSatisfy(RolesTest::sumsToOne);
            sumsToOne(found.ofHead());
        }
    }

    private static void sumsToOne(Antecedents.Looks looks) {
        assertThat(looks.first() + looks.second() + looks.itself() + looks.others() + looks.special())
                .isCloseTo(1, within(1e-5));
    }

    @Test
    void fewSentencesAreRefused() {
        try (Model model = Models.open(TINY)) {
            Corpus few = new Corpus("few", Templates.corpus(1, 1).sentences());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RoleReport.of(model, few, new long[0], _ -> {}))
                    .withMessageContaining("at least 4 are needed");
        }
    }
}
