package heed.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// What learns from texts: transfer and scaling.
@NullMarked
class TransferTest {
    private static final Trial QUICK =
            new Trial(Effort.QUICK, KernelProvider.active().kernels(), WorkerPool.shared(), _ -> {});

    /// Sentences whose words tell nothing.
    private static List<Sentence> sentences() {
        SplittableRandom random = new SplittableRandom(1);
        return IntStream.range(0, 120)
                .mapToObj(i -> new Sentence(
                        IntStream.range(0, 5)
                                .mapToObj(_ -> "w" + random.nextInt(9))
                                .collect(Collectors.joining(" ")),
                        i % 3 == 0))
                .toList();
    }

    @Test
    void whatTheVectorsKnowIsFoundWhereWordsTellNothing() {
        List<Sentence> sentences = sentences();
        Transfer transfer = new Transfer(_ -> sentences, (texts, _) -> {
            assertThat(texts).hasSameSizeAs(sentences);
            return sentences.stream()
                    .map(sentence -> new float[] {sentence.pleased() ? 0.6f : -0.6f, 0.8f})
                    .toList();
        });
        Finding finding = transfer.measure(QUICK);
        List<List<Object>> rows = finding.tables().getLast().rows();
        assertThat(rows).hasSize(3 * 2 * 3);
        assertThat(rows)
                .filteredOn(row -> row.getFirst().equals("MiniLM's vectors"))
                .allSatisfy(row -> assertThat((double) row.get(3)).isEqualTo(1));
        assertThat(rows)
                .filteredOn(row -> row.getFirst().equals("words"))
                .allSatisfy(row -> assertThat((double) row.get(3)).isLessThan(0.9));
        assertThat(finding.charts().getFirst().svg()).contains("chance");
    }

    @Test
    void sentencesOfSeveralListsAreRead() {
        assertThat(Sentence.parse("""
                        [{"text": " So good. ", "class": 1}, {"text": "", "class": 0}]
                        [{"text": "Not so.", "class": "0"}]""")).containsExactly(new Sentence("So good.", true), new Sentence("Not so.", false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sentence.parse("[{"))
                .withMessageContaining("the sentences are no JSON");
    }

    @Test
    void lossesOfThoseWhoKnowOnlyFrequencies() {
        Characters single = Characters.of("aabaa", 1); // learns a a b a
        assertThat(single.even()).isEqualTo(Math.log(2));
        assertThat(single.unigram()).isCloseTo(-Math.log(4 / 6.0), within(1e-12));
        Characters pairs = Characters.of("aabab", 2); // learns a a b: behind a as often a as b
        assertThat(pairs.bigram()).isCloseTo(Math.log(2), within(1e-12));
        assertThat(pairs.validation()).containsExactly(0, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Characters.of("ab", 1))
                .withMessageContaining("the text has 2 characters");
    }

    @Test
    void everySizeIsReportedBesideWhatFrequenciesTell() {
        String text = "the whale swam on and on. ".repeat(80);
        Finding finding = new Scaling(_ -> text).measure(QUICK);
        assertThat(finding.tables().getFirst().rows()).hasSize(2 * 3);
        assertThat(finding.tables().get(2).rows()).hasSize(3);
        List<Double> losses = new ArrayList<>();
        finding.tables().getFirst().rows().forEach(row -> losses.add((double) row.get(6)));
        assertThat(losses).allSatisfy(loss -> assertThat(loss).isPositive());
        assertThat(finding.charts().getFirst().svg()).contains("pairs").contains("chance");
    }
}
