package heed.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizerTest {
    private static String plain(String text) {
        return Normalizer.normalize(text).text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id\u200bi\u200bot | idiot",
                "i\u00addiot | idiot",
                "\u202eidiot\u202c | idiot",
                "ｉｄｉｏｔ | idiot",
                "іdіоt | idiot", // Cyrillic і and о
                "h4te | hate",
                "$p4m | spam",
                "1d10t | idiot",
                "you 1diot | you idiot",
                "455hole | asshole",
                "7h3n b3st | then best",
                "wwwhat | what",
                "@ss | ass",
                "b@d.c0p | bad.cop",
                "i d i o t | idiot",
                "i.d.i.o.t! | idiot!",
                "you i-d-i-o-t, go | you idiot, go",
                "idioooooot | idiot",
                "ID\u200cIOT | IDIOT",
                "ﬁne | fine"
            })
    void whatGetsWordsPastAFilterIsUndone(String written, String expected) {
        assertThat(plain(written)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I am a man",
                "covid19 and mp3",
                "in 2024, 100 people",
                "plan B: e.g. this",
                "Москва и Ελλάδα",
                "می\u200cخواهم", // a joiner that Persian needs
                "क्\u200dष",
                "👨\u200d👩\u200d👧",
                "a-b testing, x + y",
                "good food, see coffee",
                "don't",
                "ada@lovelace.org or 8ob.5mith@mail2.example.com",
                "see http://www.s1te.com/f00d4you?a=b@b and www.eff.org",
                "the 3rd, 4th and 100th, from 5pm to 8am, the 80s",
                "17P, 910DV, version 1.8x, 4GB",
                "Henry VIII and World War III",
                "#ffffff #0000FF #fff",
                ""
            })
    void whatIsNotTamperedWithStaysAsItIs(String text) {
        assertThat(plain(text)).isEqualTo(text);
    }

    @Test
    void everyCharacterKnowsWhereItCameFrom() {
        String written = "you і d \u200bi o t, ｇｏ";
        PlainText plain = Normalizer.normalize(written);
        assertThat(plain.text()).isEqualTo("you idiot, go");
        PlainText.Span word = plain.original(4, 9);
        assertThat(written.substring(word.start(), word.end())).isEqualTo("і d \u200bi o t");
        PlainText.Span last = plain.original(11, 13);
        assertThat(written.substring(last.start(), last.end())).isEqualTo("ｇｏ");
        assertThat(plain.original(13, 13)).isEqualTo(new PlainText.Span(written.length(), written.length()));
    }

    @Test
    void placesNeverGoBackAndLieInTheText() {
        SplittableRandom random = new SplittableRandom(3);
        String letters = "aеi1$ .-\u200b\u0301éﬁ한\u1112\u1161\uD83D\uDC4D\uD800\u00adZz";
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(29); i > 0; i--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            PlainText plain = Normalizer.normalize(text.toString());
            int before = 0;
            for (int i = 0; i < plain.text().length(); i++) {
                assertThat(plain.starts()[i]).isBetween(before, plain.ends()[i]);
                assertThat(plain.ends()[i]).isLessThanOrEqualTo(text.length());
                before = plain.starts()[i];
            }
        }
    }

    @Test
    void aFloodOfInvisibleCharactersIsNothing() {
        PlainText plain = Normalizer.normalize("a" + "\u200b".repeat(100_000) + "b");
        assertThat(plain.text()).isEqualTo("ab");
        assertThat(plain.original(0, 1).end()).isEqualTo(100_001);
    }
}
