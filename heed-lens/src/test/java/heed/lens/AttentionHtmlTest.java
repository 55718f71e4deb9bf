package heed.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.model.AttentionMaps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttentionHtmlTest {
    private static final AttentionMaps MAPS = Maps.random(Maps.RIVER, 2, 3);

    @Test
    void asksNoServerForAnythingAndForbidsItselfTo() {
        String html = new AttentionHtml(MAPS).html();

        assertThat(html)
                .contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';")
                .doesNotContainIgnoringCase("http:")
                .doesNotContainIgnoringCase("https:")
                .doesNotContain("@import", "url(", "fetch(", "XMLHttpRequest", "{{");
        Matcher references =
                Pattern.compile("\\b(?:src|href)\\s*=\\s*[\"']([^\"']*)").matcher(html);
        assertThat(references.results().map(found -> found.group(1))).allMatch(address -> address.startsWith("data:"));
    }

    @Test
    void keepsWhateverATextContainsFromBecomingPartOfThePage() {
        String attack = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> {{script}} \" ' \u2028";
        List<String> tokens = List.of("[CLS]", attack, "-->", "]]>", "\ud83d", "[SEP]");
        AttentionMaps maps =
                new AttentionMaps(attack, tokens, Maps.random(tokens, 1, 1).weights());

        String html = new AttentionHtml(maps, attack, attack).html();

        assertThat(count(html, "(?i)<script")).isEqualTo(3);
        assertThat(count(html, "(?i)</script")).isEqualTo(3);
        assertThat(html).doesNotContain("<img").doesNotContain("<!--").contains("{{script}}");
        assertThat(data(html)).contains("\\u003c/script\\u003e").doesNotContain("<", "\u2028");
    }

    @Test
    void embedsEveryWeightToAThousandthOfAPercent() {
        ShortBuffer weights = weights(new AttentionHtml(MAPS).html());

        int at = 0;
        for (float[][][] layer : MAPS.weights()) {
            for (float[][] head : layer) {
                for (float[] row : head) {
                    double sum = 0;
                    for (float weight : row) {
                        double embedded = (weights.get(at++) & 0xFFFF) / 65535.0;
                        assertThat(embedded).isCloseTo(weight, within(1e-5));
                        sum += embedded;
                    }
                    assertThat(sum).isCloseTo(1, within(1e-4));
                }
            }
        }
        assertThat(weights.limit()).isEqualTo(at);
    }

    @Test
    void opensAtTheHeadThatLinksWordsMost() {
        AttentionMaps maps = Maps.random(Maps.RIVER, 3, 4);
        maps.weights()[2][1] = Maps.looking(11, 0.9f, i -> i < 5 ? i + 4 : i - 4);

        assertThat(data(new AttentionHtml(maps).html()))
                .contains("\"best\":[2,1]")
                .contains("\"special\":[0,10]")
                .contains("\"specialNames\":\"[CLS], [SEP]\"")
                .contains("\"leftOut\":\"\"");
    }

    @Test
    void showsTitleModelSizeAndText() {
        String html = new AttentionHtml(MAPS).withText("The bank\nby the river").html();

        assertThat(html)
                .contains("<title>Where each word looks · toy</title>")
                .contains("2 layers × 3 heads · 11 tokens")
                .contains(">The bank by the river</p>");
    }

    @Test
    void keepsTheStrongestKeysOfALongTextAndSaysHowMuchThatIs() {
        int n = 2100;
        List<String> tokens = IntStream.range(0, n)
                .mapToObj(i -> i == n - 1 ? "[SEP]" : "w" + i)
                .toList();
        AttentionMaps maps =
                new AttentionMaps("long", tokens, new float[][][][] {{Maps.looking(n, 0.5f, i -> (i * 31) % (n - 1))}});

        String html = new AttentionHtml(maps).html();

        int kept = 998;
        assertThat(data(html)).contains("\"kept\":" + kept).contains("words it looks at most: 74 % of all attention");
        ShortBuffer values = weights(html);
        assertThat(values.limit()).isEqualTo(2 * n * kept);
        List<Integer> keysOfSeven = IntStream.range(7 * kept, 8 * kept)
                .mapToObj(at -> values.get(at) & 0xFFFF)
                .toList();
        assertThat(keysOfSeven).contains(7 * 31, n - 1).isSorted();
    }

    @Test
    void refusesATextThatIsTooLongForAnyPageWithTheLengthThatWouldFit() {
        float[][][] layer = new float[40][][];
        Arrays.fill(layer, Maps.looking(600, 0.5f, i -> i));
        float[][][][] weights = new float[40][][][];
        Arrays.fill(weights, layer);
        AttentionMaps maps = new AttentionMaps(
                "large", IntStream.range(0, 600).mapToObj(i -> "w" + i).toList(), weights);

        assertThatThrownBy(() -> new AttentionHtml(maps).html())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("600 tokens in 40 layers of 40 heads are too much for one page;"
                        + " with these heads it can show 327 tokens");
    }

    @Test
    void writesTheFileInUtf8(@TempDir Path folder) throws IOException {
        List<String> tokens = List.of("銀行", "\ud800", "étude");
        AttentionMaps maps = Maps.random(tokens, 1, 1);

        new AttentionHtml(maps).withText("銀行 \ud800").write(folder.resolve("page.html"));

        assertThat(Files.readString(folder.resolve("page.html"))).contains("銀行", "\\u005cud800");
    }

    private static long count(String html, String pattern) {
        return Pattern.compile(pattern).matcher(html).results().count();
    }

    private static String data(String html) {
        return element(html, "data");
    }

    private static ShortBuffer weights(String html) {
        byte[] bytes = Base64.getDecoder().decode(element(html, "weights"));
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    }

    private static String element(String html, String id) {
        int start = html.indexOf('>', html.indexOf("id=\"" + id + "\">")) + 1;
        return html.substring(start, html.indexOf("</script>", start));
    }
}
