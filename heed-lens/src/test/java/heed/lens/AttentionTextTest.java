package heed.lens;

import static org.assertj.core.api.Assertions.assertThat;

import heed.model.AttentionMap;
import heed.model.AttentionMaps;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttentionTextTest {
    private static final Terminal COLOURED = new Terminal(100, Terminal.Colours.TRUE, false);

    private static AttentionMap riverMap() {
        float[][] weights = Maps.looking(11, 0, i -> i);
        weights[2] = new float[] {0.4f, 0, 0.09f, 0.12f, 0, 0.16f, 0, 0, 0, 0, 0.23f};
        return Maps.head(Maps.RIVER, weights);
    }

    @Test
    void namesTheStrongestRealWordsAndTheShareOnSpecialTokens() {
        assertThat(new AttentionText(Terminal.PLAIN).head(riverMap()))
                .containsPattern("bank → river 16 %, by 12 %, bank 9 % +\\+ 63 % on \\[CLS], \\[SEP]");
    }

    @Test
    void showsSpecialTokensAmongTheOthersOnRequest() {
        String text = new AttentionText(Terminal.PLAIN, true, 2).head(riverMap());

        assertThat(text).contains("bank → [CLS] 40 %, [SEP] 23 %\n").doesNotContain("+ 63 %");
        assertThat(text).contains("A row adds up to 100 %.\n");
    }

    @Test
    void writesOnlyBlocksWhereThereAreNoColours() {
        String text = new AttentionText(Terminal.PLAIN).head(riverMap());

        assertThat(text).doesNotContain("\u001b").contains("██").contains("░░ from");
        assertThat(text.lines().filter(line -> line.contains("special")).count())
                .isEqualTo(1);
    }

    @Test
    void writesNumbersOnColoursWhereThereIsRoom() {
        String text = new AttentionText(COLOURED).head(riverMap());

        assertThat(text).contains("m 16 \u001b[0m").contains("\u001b[48;2;");
    }

    @Test
    void letsNoTokenOrModelNameCommandTheTerminal() {
        List<String> tokens = List.of("[CLS]", "\u001b]0;owned\u0007", "\u009b31m", "\r\n", "\u202e", "ok", "[SEP]");
        AttentionMaps maps = Maps.random(tokens, 1, 2);
        AttentionMaps named = new AttentionMaps("bad\u001b[2J", tokens, maps.weights());

        for (Terminal terminal : List.of(Terminal.PLAIN, COLOURED)) {
            AttentionText text = new AttentionText(terminal);
            String all = text.heads(named) + text.head(named.layer(0).head(1));
            String withoutColours = all.replaceAll("\u001b\\[[0-9;]*m", "");
            assertThat(withoutColours.codePoints())
                    .noneMatch(
                            c -> (Character.isISOControl(c) && c != '\n') || Character.getType(c) == Character.FORMAT);
            assertThat(withoutColours).contains("\\u001b]0").contains("bad\\u001b[2J");
        }
    }

    @Test
    void keepsEveryLineWithinTheTerminal() {
        List<String> words = IntStream.range(0, 22)
                .mapToObj(i -> i == 0 ? "[CLS]" : i == 21 ? "[SEP]" : i % 3 == 0 ? "銀行家たち" : "internationalization" + i)
                .toList();
        AttentionMap map = Maps.random(words, 1, 1).layer(0).head(0);

        for (Terminal terminal : List.of(Terminal.PLAIN, COLOURED, new Terminal(72, Terminal.Colours.INDEXED, true))) {
            assertThat(new AttentionText(terminal).head(map).lines().map(AttentionTextTest::width))
                    .allMatch(width -> width <= terminal.columns());
        }
    }

    @Test
    void alignsRowsWhateverScriptTheirWordIsIn() {
        List<String> tokens = List.of("bank", "銀行", "बैंक", "بنك", "e\u0301te\u0301", "👩\u200d🔬", "은행");
        AttentionMap map = Maps.random(tokens, 1, 1).layer(0).head(0);

        String text = new AttentionText(new Terminal(100, Terminal.Colours.TRUE, true)).head(map);

        List<Integer> widths = text.lines()
                .filter(line -> line.contains("\u001b[48") && !line.contains("%"))
                .map(AttentionTextTest::width)
                .toList();
        assertThat(widths).hasSize(7).containsOnly(widths.getFirst());
    }

    @Test
    void showsThePartOfALongTextWhereTheLinksAreAndSaysSo() {
        int n = 200;
        List<String> words = IntStream.range(0, n).mapToObj(i -> "w" + i).toList();
        float[][] weights = Maps.looking(n, 0.9f, i -> i);
        for (int i = 120; i < 130; i++) {
            weights[i] = new float[n];
            weights[i][i + 15] = 1;
        }
        String text = new AttentionText(Terminal.PLAIN).head(Maps.head(words, weights));

        assertThat(text).containsPattern("Shown are \\d+ of 200 tokens, where the links are strongest: tokens \\d+ to");
        assertThat(text).contains("w125 → w140 100 %").doesNotContain("w10 →");
    }

    @Test
    void showsAttentionBetweenTwoTexts() {
        List<String> target = List.of("<pad>", "la", "banque");
        List<String> source = List.of("the", "bank", "</s>");
        float[][] weights = {{0.1f, 0.1f, 0.8f}, {0.7f, 0.1f, 0.2f}, {0.05f, 0.9f, 0.05f}};

        String text = new AttentionText(Terminal.PLAIN).head(new AttentionMap("mt", 5, -1, target, source, weights));

        assertThat(text).contains("layer 5, mean of all heads of mt").contains("banque → bank 90 %, the 5 %");
    }

    @Test
    void saysWhenAWordLooksAtNothing() {
        assertThat(new AttentionText(Terminal.PLAIN).head(Maps.head(List.of("a", "b"), new float[2][2])))
                .contains("a → nothing\n");
    }

    @Test
    void showsATextOfSpecialTokensOnlyWithThem() {
        assertThat(new AttentionText(Terminal.PLAIN).head(Maps.head(List.of("[CLS]", "[SEP]"), new float[][] {
                    {0.25f, 0.75f}, {0.5f, 0.5f}
                })))
                .contains("[CLS] → [SEP] 75 %, [CLS] 25 %");
    }

    @Test
    void overviewSaysWhatEachHeadLooksAtAndWhichToOpen() {
        AttentionMaps maps = new AttentionMaps("toy", Maps.RIVER, new float[][][][] {
            {Maps.looking(11, 0.9f, i -> i - 1), Maps.looking(11, 0.9f, _ -> 10)},
            {Maps.looking(11, 0.9f, i -> i), Maps.looking(11, 0.9f, i -> i < 5 ? i + 4 : i - 4)}
        });
        String text = new AttentionText(Terminal.PLAIN).heads(maps);

        assertThat(text).contains("toy: 2 layers of 2 heads, 11 tokens");
        assertThat(text).containsPattern("0   <8\\d +#92").containsPattern("1   =91 +\\*9\\d *█");
        assertThat(text).containsPattern("layer 1, head 1 +\\S+ → \\S+ 91 %");
    }

    private static int width(String line) {
        return DisplayWidth.of(line.replaceAll("\u001b\\[[0-9;]*m", ""));
    }
}
