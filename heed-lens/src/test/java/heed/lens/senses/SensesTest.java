package heed.lens.senses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import heed.corpus.AmbiguousWord;
import heed.corpus.Occurrence;
import heed.corpus.TaggedSentence;
import heed.model.Model;
import heed.model.Models;
import heed.task.Embedder;
import heed.task.WordVectors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SensesTest {
    private static final Path TINY = Path.of("../heed-models/src/test/resources/golden/bert/masked-lm");

    /// Takes texts of any length.
    private static final Path LONG = Path.of("../heed-models/src/test/resources/golden/t5/encoder");

    private static final String FIRST = "the bank can lend money to the person by the river bank";
    private static final String SECOND = "the river bank";

    private static Occurrence at(String text, int start) {
        return new Occurrence(text, start, start + 4);
    }

    @Test
    void aWordHasTheVectorOfItsSentenceWhateverIsInTheBatch() {
        try (Model model = Models.open(TINY)) {
            List<Occurrence> occurrences = List.of(at(FIRST, 4), at(SECOND, 10), at(FIRST, 51));
            ContextVectors vectors = ContextVectors.of(model, occurrences, _ -> {});
            for (int layer = 0; layer <= vectors.layers(); layer++) {
                for (int i = 0; i < occurrences.size(); i++) {
                    Occurrence occurrence = occurrences.get(i);
                    float[] alone = new WordVectors(model)
                            .of(occurrence.text(), layer).stream()
                                    .filter(word -> word.start() == occurrence.start())
                                    .findFirst()
                                    .orElseThrow()
                                    .vector();
                    assertThat(Embedder.cosine(vectors.layer(layer)[i], alone)).isCloseTo(1, within(1e-5));
                }
            }
            assertThat(vectors.statics()[0]).isEqualTo(vectors.statics()[1]);
            assertThat(Embedder.cosine(vectors.layer(1)[0], vectors.layer(1)[2]))
                    .isLessThan(0.9999);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vectors.layer(-1))
                    .withMessageContaining("layer -1 does not exist");
        }
    }

    @Test
    void aWordInContextsHasNeighboursAndPictures() {
        try (Model model = Models.open(TINY)) {
            List<Occurrence> occurrences = List.of(at(FIRST, 4), at(SECOND, 10), at(FIRST, 51), at(SECOND, 10));
            WordInContexts contexts = WordInContexts.of(
                    model, "bank", occurrences, List.of("money", "<river>", "<river>", "<river>"), _ -> {});
            WordInContexts.Layer layer = contexts.layer(contexts.layers(), 2);
            assertThat(layer.neighbours().get(1).getFirst()).satisfies(nearest -> {
                assertThat(nearest.number()).isEqualTo(3);
                assertThat(nearest.cosine()).isCloseTo(1, within(1e-6));
            });
            assertThat(layer.neighbours())
                    .allSatisfy(neighbours -> assertThat(neighbours).hasSize(2));
            assertThat(layer.nearest()).isBetween(0.5, 0.75); // the one of its label has no nearest of its label
            assertThat(layer.silhouette()).isBetween(-1.0, 1.0);
            assertThat(new SenseText(contexts, 1, 2).text())
                    .contains("bank in 4 sentences: nearest neighbours after layer 1")
                    .contains("1.000    4  <river>: the river [bank]");
            assertThat(new SenseSvg(contexts, 1).svg())
                    .startsWith("<svg")
                    .contains("&lt;river>")
                    .doesNotContain("<river>");
            assertThat(new SenseHtml(contexts, 1, 2).html())
                    .contains("\\u003criver>")
                    .doesNotContain("{{");
        }
    }

    @Test
    void oneOccurrenceIsNotEnoughToCompare() {
        try (Model model = Models.open(TINY)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WordInContexts.of(model, "bank", List.of(at(SECOND, 10)), List.of(""), _ -> {}))
                    .withMessage("'bank' occurs once; at least two occurrences are needed to compare");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WordInContexts.of(model, "bank", List.of(), List.of(), _ -> {}))
                    .withMessageContaining("occurs in none of the sentences");
        }
    }

    @Test
    void theReportHasEveryMethodOnTheSameExamples() {
        try (Model model = Models.open(LONG)) {
            SenseReport report = SenseReport.of(model, SenseData.homographs().thinned(3), new long[] {1}, _ -> {});
            assertThat(report.chance()).isCloseTo(0.5, within(1e-12));
            assertThat(report.comparisons())
                    .extracting(compared -> compared.baseline().method())
                    .containsExactly("most frequent sense", "bag of words", "static vectors", "random weights");
            int examples = Arrays.stream(report.chosen().examples()).sum();
            assertThat(report.tallies())
                    .allSatisfy(tally ->
                            assertThat(Arrays.stream(tally.examples()).sum()).isEqualTo(examples));
            assertThat(report.best(Rule.NEAREST).accuracy())
                    .isEqualTo(report.tallies().stream()
                            .filter(tally -> tally.method().equals(SenseReport.TRAINED))
                            .filter(tally -> tally.detail().equals("nearest"))
                            .mapToDouble(Tally::accuracy)
                            .max()
                            .orElseThrow());
            assertThat(new SenseReportText(report).text()).contains("guessing").contains("beside bag of words");
            assertThat(report.chart().svg()).contains("layer (0: the embeddings)");
        }
    }

    @Test
    void whatWasKeptOfAnInterruptedReportIsNotCountedAgain() {
        SenseData data = SenseData.homographs().thinned(3);
        Map<String, double[]> kept = new HashMap<>();
        try (Model model = Models.open(LONG)) {
            SenseReport whole = SenseReport.of(model, data, new long[] {1}, _ -> {});
            SenseReport.of(model, data, new long[0], _ -> {}, (name, counting) -> {
                kept.put(name, counting.get());
                return kept.get(name);
            });
            assertThat(kept).hasSize(1);
            List<String> counted = new ArrayList<>();
            SenseReport rest = SenseReport.of(model, data, new long[] {1}, _ -> {}, (name, counting) -> {
                counted.add(name);
                return kept.containsKey(name) ? kept.get(name) : counting.get();
            });
            assertThat(counted).hasSize(2).last().asString().endsWith("random weights, seed 1");
            assertThat(rest.tallies()).usingRecursiveComparison().isEqualTo(whole.tallies());
            assertThat(rest.chosen().right()).isEqualTo(whole.chosen().right());
        }
    }

    @Test
    void layersAreChosenOnTheOtherHalf() {
        int[] one = {1, 1, 1, 1};
        Tally even = new Tally("m", "a", 1, new int[] {1, 0, 1, 0}, one);
        Tally odd = new Tally("m", "a", 2, new int[] {0, 1, 0, 1}, one);
        // what is best for even words is wrong for odd ones, and the other way round
        assertThat(SenseReport.chosen(List.of(even, odd)).right()).containsExactly(0, 0, 0, 0);
    }

    @Test
    void wordsAroundAWordCountByHowRareTheyAre() {
        AmbiguousWord word = new AmbiguousWord(
                "bank",
                "n",
                List.of(
                        new AmbiguousWord.Sense(
                                "river",
                                "land by water",
                                1,
                                List.of(at("the bank of the water", 4), at("the bank", 4))),
                        new AmbiguousWord.Sense("money", "a house", 1, List.of(at("the bank by water", 4)))));
        BagOfWords bag = new BagOfWords(List.of(word));
        double[][] cosines = bag.of(word).cosines();
        assertThat(cosines[0][0]).isCloseTo(1, within(1e-9));
        assertThat(cosines[0][1]).isZero(); // all have "the", so it says nothing
        assertThat(cosines[0][2]).isPositive();
        assertThat(bag.withGlosses(word).size()).isEqualTo(5);
    }

    @Test
    void bothKindsOfBanksAreFoundInTheBrownCorpus() {
        SenseData banks = SenseData.banks(List.of(
                sentence("ce18", 33, "south bank"),
                sentence("ca02", 8, "a bank"),
                sentence("cf05", 81, "cloud bank"),
                new TaggedSentence("ca02", 9, List.of("Bank"), List.of("nn-tl"))));
        assertThat(banks.words().getFirst().senses())
                .extracting(AmbiguousWord.Sense::name)
                .containsExactly("river", "money");
        assertThat(banks.words().getFirst().examples()).containsExactly(at("south bank", 6), at("a bank", 2));
    }

    private static TaggedSentence sentence(String sample, int number, String text) {
        return new TaggedSentence(sample, number, List.of(text.split(" ")), List.of("x", "nn"));
    }

    @Test
    void theHomographsHaveTwoSensesOfFiveSentencesOrMore() {
        assertThat(SenseData.homographs().words()).hasSize(12).allSatisfy(word -> {
            assertThat(word.senses()).hasSize(2);
            assertThat(word.senses())
                    .allSatisfy(sense -> assertThat(sense.examples()).hasSizeGreaterThanOrEqualTo(5));
        });
    }
}
