package heed.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WordNetTest {
    /// In the form of WordNet's files: a slope, a house for money, and a third sense with one example only.
    private static final Map<String, String> FILES = Map.of(
            "package/dict/index.sense",
            """
            bank%1:14:00:: 08437235 2 20
            bank%1:17:01:: 09236472 1 25
            incline%1:17:00:: 09236472 1 3
            """,
            "package/dict/data.noun",
            """
              1 a line of the licence
            08437235 14 n 02 bank 0 banking_concern 0 001 @ 08071383 n 0000 | a house for money; "he cashed a check at the \
            bank"; "that bank holds the mortgage"
            09236472 17 n 02 bank 0 incline 1 000 | sloping land; "they pulled the canoe up on the bank"; "he sat on the \
            banks"; "up the incline"
            13377127 21 n 01 bank 1 000 | the funds of a game; "he broke the bank"
            """,
            "package/dict/data.verb",
            "01 38 v 01 run(a) 0 000 | move fast; \"run for it\"\n",
            "package/dict/data.adj",
            "",
            "package/dict/data.adv",
            "");

    @Test
    void wordsWithTwoSensesOfTwoExamplesAreFoundWithTheirFrequencies() {
        List<AmbiguousWord> words = WordNet.ambiguous(FILES);
        assertThat(words).hasSize(1);
        AmbiguousWord bank = words.getFirst();
        assertThat(bank.lemma()).isEqualTo("bank");
        assertThat(bank.part()).isEqualTo("n");
        assertThat(bank.senses()).extracting(AmbiguousWord.Sense::name).containsExactly("08437235", "09236472");
        assertThat(bank.senses()).extracting(AmbiguousWord.Sense::frequency).containsExactly(20, 25);
        assertThat(bank.senses().getLast().gloss()).isEqualTo("sloping land");
        assertThat(bank.examples())
                .extracting(Occurrence::form)
                .containsExactly("bank", "bank", "bank", "banks"); // "incline" is an example of the other synonym
    }

    @Test
    void aMissingFileAndAWrongLineAreNamed() {
        Map<String, String> files = new HashMap<>(FILES);
        files.put("package/dict/data.adj", "00 | nonsense \"with quotes\"\n");
        assertThatExceptionOfType(CorpusException.class)
                .isThrownBy(() -> WordNet.ambiguous(files))
                .withMessage("WordNet's data.adj, line 1 is not as WordNet writes them");
        files.remove("package/dict/data.adj");
        assertThatExceptionOfType(CorpusException.class)
                .isThrownBy(() -> WordNet.ambiguous(files))
                .withMessage("WordNet's file data.adj is missing");
    }
}
