package heed.lens;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayWidthTest {
    @ParameterizedTest
    @CsvSource({
        "bank, 4",
        "銀行, 4",
        "カ, 2",
        "ｶ, 1",
        "Ａ, 2",
        "은행, 4",
        "e\u0301, 1",
        "\u1112\u1161\u11ab, 2",
        "😀, 2",
        "👩\u200d🔬, 2",
        "🇫🇷, 2",
        "❤\ufe0f, 2",
        "❤, 1",
        "بنك, 3",
        "–, 1",
        "█, 1",
        "₁, 1"
    })
    void countsTheColumnsThatATextTakes(String text, int columns) {
        assertThat(DisplayWidth.of(text)).isEqualTo(columns);
    }

    @Test
    void cutsBetweenCharactersAndFillsToTheExactWidth() {
        assertThat(DisplayWidth.left("銀行員です", 6)).isEqualTo("銀行… ");
        assertThat(DisplayWidth.right("cafe\u0301", 6)).isEqualTo("  cafe\u0301");
        assertThat(DisplayWidth.left("unbelievable", 5)).isEqualTo("unbe…");
    }

    @Test
    void keepsARightToLeftWordFromTurningItsLine() {
        assertThat(DisplayWidth.right("בנק", 5)).isEqualTo("  \u200eבנק\u200e");
    }
}
