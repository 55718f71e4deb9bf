package heed.subword;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.subword.UnigramModel.Piece;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnigramModelTest {
    private static WordCounts words(String text) {
        WordCounts words = new WordCounts();
        for (String word : text.split(" ")) {
            words.add(word);
        }
        return words;
    }

    @Test
    void aWordIsAsLikelyAsAllWaysToCutIt() {
        List<Piece> pieces =
                List.of(new Piece("a", Math.log(0.2)), new Piece("b", Math.log(0.3)), new Piece("ab", Math.log(0.5)));
        // ab: 0.5 + 0.2 · 0.3; aba: 0.5 · 0.2 + 0.2 · 0.3 · 0.2
        assertThat(UnigramModel.logLikelihood(words("ab aba"), pieces))
                .isCloseTo(Math.log(0.56) + Math.log(0.112), within(1e-12));
        assertThatThrownBy(() -> UnigramModel.logLikelihood(words("abc"), pieces))
                .hasMessageContaining("'abc'");
    }

    @Test
    void whatWordsShareBecomesPieces() {
        List<Piece> pieces = UnigramModel.learn(
                words("low low low low low lower lower newest newest newest newest newest newest widest widest widest"),
                14,
                LearningProgress.none());
        assertThat(pieces).hasSizeLessThanOrEqualTo(14);
        assertThat(pieces)
                .extracting(Piece::text)
                .contains("low", "est", "l", "o", "w", "e", "r", "n", "s", "t", "i", "d");
        assertThat(pieces.stream().mapToDouble(piece -> Math.exp(piece.score())).sum())
                .isCloseTo(1, within(1e-9));
        assertThat(pieces).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
    }

    @Test
    void aVocabularyMustHoldAllCharacters() {
        assertThatThrownBy(() -> UnigramModel.learn(words("abc"), 2, LearningProgress.none()))
                .hasMessage("a vocabulary of 2 cannot hold the 3 characters");
    }

    @Test
    void digammaIsThatOfTheTables() { // Abramowitz & Stegun 1964, table 6.1
        assertThat(UnigramModel.digamma(1)).isCloseTo(-0.5772156649, within(1e-8));
        assertThat(UnigramModel.digamma(0.5)).isCloseTo(-1.9635100260, within(1e-8));
        assertThat(UnigramModel.digamma(10)).isCloseTo(2.2517525890, within(1e-8));
    }
}
