package heed.lens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenLabelsTest {
    @Test
    void numbersWordsThatOccurMoreThanOnce() {
        assertThat(TokenLabels.of(List.of("the", "bank", "the")).texts()).containsExactly("the₁", "bank", "the₂");
    }

    @Test
    void knowsSpecialTokensOfTheFamiliesAndLeavesMaskAndUnknownInTheText() {
        TokenLabels labels = TokenLabels.of(
                List.of("[CLS]", "[MASK]", "[UNK]", "<s>", "</s>", "<pad>", "<|endoftext|>", ">>fra<<", "<mask>", "["));

        assertThat(labels.special().stream()).containsExactly(0, 3, 4, 5, 6, 7);
        assertThat(TokenLabels.of(List.of("[CLS]", "a", "[SEP]", "b", "[SEP]")).specialNames())
                .isEqualTo("[CLS], [SEP]");
    }

    @Test
    void tellsWordsFromPunctuation() {
        TokenLabels labels = TokenLabels.of(List.of("bank", ",", "##s", "—", "3", "€", "😀", "。", "銀行"));

        assertThat(labels.words().stream()).containsExactly(0, 2, 4, 5, 6, 8);
    }

    @Test
    void spellsOutWhateverATerminalWouldObey() {
        TokenLabels labels = TokenLabels.of(
                List.of("\u001b[31mred", "a\u0007b", "\u009b2J", "\u202eevil", "x\u2028y", "\ud800", "\n"));

        assertThat(labels.texts())
                .containsExactly(
                        "\\u001b[31mred", "a\\u0007b", "\\u009b2J", "\\u202eevil", "x\\u2028y", "\\ud800", "\\n");
    }

    @Test
    void keepsTheJoinersThatWordsAndEmojiNeed() {
        assertThat(TokenLabels.of(List.of("می\u200cخواهم", "👩\u200d🔬")).texts())
                .containsExactly("می\u200cخواهم", "👩\u200d🔬");
    }

    @Test
    void readsByteLevelTokensAsText() {
        TokenLabels labels = TokenLabels.of(List.of("Caf", "Ã©", "Ġbank", "ing", ".", "Ċ", "The", "Ġâ", "Ģ"));

        assertThat(labels.texts()).containsExactly("Caf", "##é", "bank", "##ing", ".", "\\n", "The", "\\xe2", "\\x80");
    }

    @Test
    void readsSentencePieceTokensAsWords() {
        assertThat(TokenLabels.of(List.of("▁The", "▁bank", "ing", "▁", "5", "</s>"))
                        .texts())
                .containsExactly("The", "bank", "##ing", "␣", "5", "</s>");
    }
}
