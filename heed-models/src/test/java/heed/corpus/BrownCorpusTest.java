package heed.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrownCorpusTest {
    @Test
    void theSamplesAreReadSentenceBySentence() {
        assertThat(BrownCorpus.sentences(Map.of(
                        "package/ca01", "\n\tThe/at and/or/cc jury/nn\n\n\nsaid/vbd\n", "package/CONTENTS", "x")))
                .containsExactly(
                        new TaggedSentence("ca01", 1, List.of("The", "and/or", "jury"), List.of("at", "cc", "nn")),
                        new TaggedSentence("ca01", 2, List.of("said"), List.of("vbd")));
    }

    @Test
    void aWordWithoutATagIsRefusedWithItsLine() {
        assertThatExceptionOfType(CorpusException.class)
                .isThrownBy(() -> BrownCorpus.sentences(Map.of("cr09", "The/at\n\njury\n")))
                .withMessage("cr09, line 3: 'jury' is no word with its tag");
        assertThatExceptionOfType(CorpusException.class)
                .isThrownBy(() -> BrownCorpus.sentences(Map.of("other", "The/at")))
                .withMessageContaining("no samples");
    }
}
