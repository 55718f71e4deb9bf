package heed.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StopTextTest {
    private static String shown(List<String> stops, String... pieces) {
        StopText text = new StopText(stops);
        StringBuilder shown = new StringBuilder();
        for (String piece : pieces) {
            shown.append(text.add(piece));
        }
        return shown.append(text.finish()).toString();
    }

    @Test
    void aTextEndsBeforeAStringThatComesInPieces() {
        assertThat(shown(List.of("</s>"), "Hello ", "<", "/s", ">", "more")).isEqualTo("Hello ");
        assertThat(shown(List.of("\n\n", "END"), "a\n", "b EN", "D\n\n")).isEqualTo("a\nb ");
    }

    @Test
    void whatOnlyBeginsLikeAStringIsHandedOutLater() {
        StopText text = new StopText(List.of("aab"));
        assertThat(text.add("aa")).isEmpty();
        assertThat(text.add("a")).isEqualTo("a");
        assertThat(text.stopped()).isFalse();
        assertThat(text.finish()).isEqualTo("aa");
    }

    @Test
    void theFirstOfSeveralStringsEnds() {
        assertThat(shown(List.of("ld", "o w"), "hello world")).isEqualTo("hell");
    }

    @Test
    void withoutStringsEverythingComesAtOnce() {
        StopText text = new StopText(List.of());
        assertThat(text.add("anything")).isEqualTo("anything");
        assertThat(text.stopped()).isFalse();
    }

    @Test
    void howATextIsCutIntoPiecesChangesNothing() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 300; round++) {
            StringBuilder whole = new StringBuilder();
            for (int i = 0; i < 23; i++) {
                whole.append((char) ('a' + random.nextInt(3)));
            }
            List<String> stops = List.of("abca", "cc", "bab");
            int end = stops.stream()
                    .mapToInt(whole::indexOf)
                    .filter(found -> found >= 0)
                    .min()
                    .orElse(whole.length());
            StopText text = new StopText(stops);
            StringBuilder shown = new StringBuilder();
            for (int from = 0; from < whole.length(); ) {
                int to = Math.min(whole.length(), from + 1 + random.nextInt(5));
                shown.append(text.add(whole.substring(from, to)));
                from = to;
            }
            shown.append(text.finish());
            assertThat(shown.toString()).isEqualTo(whole.substring(0, end));
        }
    }
}
