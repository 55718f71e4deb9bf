package heed.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtectionTest {
    private static List<String> spans(String text) {
        return Protection.of(text).spans().stream()
                .map(Protection.Protected::text)
                .toList();
    }

    @Test
    void placeholdersMarkupAddressesAndNumbersBecomeSigns() {
        Protection read = Protection.of("Could not open “%s” at {0}: see <b>https://a.org/x?y=1</b>, 12.5 MB.");
        assertThat(read.text()).isEqualTo("Could not open “\uE000” at \uE001: see \uE002 \uE003 \uE004 , \uE005 MB.");
        assertThat(spans("Could not open “%s” at {0}: see <b>https://a.org/x?y=1</b>, 12.5 MB."))
                .containsExactly("%s", "{0}", "<b>", "https://a.org/x?y=1", "</b>", "12.5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s",
                "%d",
                "%1$s",
                "%-5.2f",
                "%lu",
                "%%",
                "%n",
                "%1",
                "%L1",
                "%(name)s",
                "%{count}",
                "%PRODUCTNAME",
                "{0}",
                "{ $name }",
                "{{user}}",
                "${HOME}",
                "$(ARG1)",
                "$1",
                "$name",
                "[[page]]",
                "<br/>",
                "</a>",
                "<a href=\"x\">",
                "&amp;",
                "&#160;",
                "https://example.org/a_b",
                "www.example.org",
                "me@example.org",
                "--verbose",
                "--out=x.txt",
                "-v",
                "/etc/passwd",
                "~/.config/app",
                "7",
                "1,024",
                "3.14",
                "12:30",
                "2024-01-31"
            })
    void eachOfTheseIsOneSign(String span) {
        assertThat(spans("see " + span + " here")).containsExactly(span);
        assertThat(Protection.of("see " + span + " here").text()).isEqualTo("see \uE000 here");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "50% of it",
                "UTF-8",
                "MP3",
                "1st",
                "and/or",
                "a < b",
                "C++",
                "x_y",
                "well-known",
                "{}",
                "Ctrl+S",
                "$"
            })
    void theseAreWordsOrBelongToWords(String text) {
        assertThat(spans(text).stream().filter(span -> !span.equals("50"))).isEmpty();
    }

    @Test
    void aTranslationGetsBackWhatTheSignsStandFor() {
        Protection read = Protection.of("Page %d of %d");
        assertThat(read.restore("\uE001 ರಲ್ಲಿ \uE000 ನೇ ಪುಟ")).isEqualTo("%d ರಲ್ಲಿ %d ನೇ ಪುಟ");
        assertThat(Protection.of("<b>Bold</b> text, %s").restore("\uE000 ದಪ್ಪ \uE001 ಪಠ್ಯ, \uE002"))
                .isEqualTo("<b>ದಪ್ಪ</b> ಪಠ್ಯ, %s");
        assertThat(Protection.of("press <i>Enter</i>.").restore("\uE000 ಎಂಟರ್ \uE001 ಒತ್ತಿ."))
                .isEqualTo("<i>ಎಂಟರ್</i> ಒತ್ತಿ.");
    }

    @Test
    void whatAModelLosesIsPutInAndWhatItDoublesGoes() {
        Protection read = Protection.of("%s is %d");
        assertThat(read.isWhole("\uE000 \uE001")).isTrue();
        assertThat(read.isWhole("\uE000")).isFalse();
        assertThat(read.isWhole("\uE000 \uE001 \uE001")).isFalse();
        assertThat(read.isWhole("\uE000 \uE001 \uE002")).isFalse();
        assertThat(read.restore("ಅದು \uE001")).isEqualTo("%s ಅದು %d");
        assertThat(read.restore("\uE000 ಅದು")).isEqualTo("%s ಅದು %d");
        assertThat(read.restore("\uE000 ಅದು \uE001 \uE001 \uE005")).isEqualTo("%s ಅದು %d");
    }

    @Test
    void aTextsOwnCharactersAreNoSigns() {
        Protection read = Protection.of("a \uE000 b 5");
        assertThat(read.text()).isEqualTo("a \uFFFD b \uE000");
        assertThat(read.restore("ಬ \uE000")).isEqualTo("ಬ 5");
    }

    @Test
    void moreSpansThanSignsStayAsTheyAre() {
        Protection read = Protection.of("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17");
        assertThat(read.spans()).hasSize(Protection.MOST);
        assertThat(read.text()).endsWith("\uE00F 17");
        assertThat(read.isAll()).isFalse();
    }

    @Test
    void aPairHasSignsForWhatBothSidesHave() {
        Optional<TextPair> pair =
                Protection.pair(new TextPair("%d of 5 files in <b>%s</b>", "<b>%s</b> ರಲ್ಲಿ ೫ ರಲ್ಲಿ %d", "x"));
        assertThat(pair)
                .contains(new TextPair(
                        "\uE000 of 5 files in \uE001 \uE002 \uE003", "\uE001 \uE002 \uE003 ರಲ್ಲಿ ೫ ರಲ್ಲಿ \uE000", "x"));
    }

    @Test
    void aPairWhosePlaceholdersDifferTeachesNothing() {
        assertThat(Protection.pair(new TextPair("%s files", "ಕಡತಗಳು", ""))).isEmpty();
        assertThat(Protection.pair(new TextPair("files", "%s ಕಡತಗಳು", ""))).isEmpty();
        assertThat(Protection.pair(new TextPair("%s of %s", "%s", ""))).isEmpty();
        assertThat(Protection.pair(new TextPair("chapter 5", "ಅಧ್ಯಾಯ ಐದು", ""))).isPresent();
    }
}
