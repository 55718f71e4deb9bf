package heed.lens;

import static org.assertj.core.api.Assertions.assertThat;

import heed.model.AttentionMap;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class AttentionSvgTest {
    private static final AttentionMap RIVER =
            new AttentionMap("toy", 3, 7, Maps.RIVER, Maps.RIVER, Maps.looking(11, 0.8f, i -> i + 3));

    @Test
    void drawsACellForEveryPairOfWordsAndNamesItsWeight() throws Exception {
        Document svg = parse(new AttentionSvg(RIVER).matrix());

        List<String> cells = texts(cells(svg).getElementsByTagName("title"));
        assertThat(cells).hasSize(9 * 9).contains("bank → river 82 %", "the₂ → ##s 82 %");
        assertThat(texts(svg.getElementsByTagName("text"))).contains("money", "##s", "+ 4 %", "0 %", "82 %");
    }

    @Test
    void drawsSpecialTokensOnRequest() throws Exception {
        Document svg = parse(new AttentionSvg(RIVER, true).matrix());

        assertThat(cells(svg).getElementsByTagName("rect").getLength()).isEqualTo(11 * 11);
        assertThat(texts(svg.getElementsByTagName("text")))
                .contains("[CLS]")
                .anyMatch(text -> text.endsWith("A row adds up to 100 %."));
    }

    @Test
    void drawsALineForEveryLinkWithItsWeightAsOpacity() throws Exception {
        Document svg = parse(new AttentionSvg(RIVER).links());

        NodeList lines = svg.getElementsByTagName("path");
        List<String> opacities = IntStream.range(0, lines.getLength())
                .mapToObj(i -> ((Element) lines.item(i)).getAttribute("stroke-opacity"))
                .toList();
        assertThat(opacities).hasSize(9 * 9).isSorted().endsWith("0.88").startsWith("0.08");
        assertThat(texts(svg.getElementsByTagName("text"))).anyMatch(text -> text.startsWith("Not drawn: "));
    }

    @Test
    void saysInWordsWhatIsDrawn() throws Exception {
        for (String form : List.of(new AttentionSvg(RIVER).matrix(), new AttentionSvg(RIVER).links())) {
            Element svg = parse(form).getDocumentElement();

            assertThat(svg.getAttribute("role")).isEqualTo("img");
            String[] labels = svg.getAttribute("aria-labelledby").split(" ");
            Element title = (Element) svg.getElementsByTagName("title").item(0);
            Element description = (Element) svg.getElementsByTagName("desc").item(0);
            assertThat(labels).containsExactly(title.getAttribute("id"), description.getAttribute("id"));
            assertThat(title.getTextContent()).isEqualTo("Layer 3, head 7 of toy");
            assertThat(description.getTextContent()).contains("Strongest links: the₁ → the₂ 82 %");
        }
    }

    @Test
    void staysWellFormedWhateverTheTokensContain() throws Exception {
        List<String> tokens =
                List.of("<b>&\"'", "]]>", "\u0000", "\u001b[31m", "\ud800", "\uffff", "\u202e", "😀", "&amp;", "-->");
        AttentionMap map = Maps.random(tokens, 1, 1).layer(0).head(0);
        AttentionMap named = new AttentionMap("</title><script>", 0, -1, tokens, tokens, map.weights());

        for (String form : List.of(new AttentionSvg(named).matrix(), new AttentionSvg(named).links())) {
            Document svg = parse(form);
            assertThat(texts(svg.getElementsByTagName("text")))
                    .contains(
                            "<b>&\"'", "]]>", "\\u0000", "\\u001b[31m", "\\ud800", "\\uffff", "\\u202e", "😀", "&amp;");
            assertThat(svg.getElementsByTagName("script").getLength()).isZero();
        }
    }

    @Test
    void followsALightOrDarkSchemeWithoutScriptOrVariables() {
        String svg = new AttentionSvg(RIVER).matrix();

        assertThat(svg)
                .contains("@media (prefers-color-scheme:dark)", ".w0{fill:" + Ramp.LIGHT.hex(0) + "}", Ramp.DARK.hex(1))
                .doesNotContain("<script", "var(--", "href");
    }

    @Test
    void showsThePartOfALongTextWhereTheLinksAreAndSaysSo() throws Exception {
        int n = 200;
        List<String> tokens = IntStream.range(0, n).mapToObj(i -> "w" + i).toList();
        float[][] weights = Maps.looking(n, 0.9f, i -> i);
        for (int i = 120; i < 130; i++) {
            weights[i] = new float[n];
            weights[i][i + 15] = 1;
        }
        AttentionMap map = Maps.head(tokens, weights);

        assertThat(texts(parse(new AttentionSvg(map).matrix()).getElementsByTagName("text")))
                .contains("Layer 0, head 0 of toy, 80 of 200 tokens", "w125", "w140")
                .doesNotContain("w10");
        assertThat(new AttentionSvg(map).links().length()).isLessThan(400_000);
    }

    @Test
    void drawsAttentionBetweenTwoTexts() throws Exception {
        AttentionMap map =
                new AttentionMap("mt", 0, 0, List.of("la", "banque"), List.of("the", "bank", "</s>"), new float[][] {
                    {0.7f, 0.1f, 0.2f}, {0.1f, 0.8f, 0.1f}
                });

        assertThat(texts(cells(parse(new AttentionSvg(map).matrix())).getElementsByTagName("title")))
                .containsExactly("la → the 70 %", "la → bank 10 %", "banque → the 10 %", "banque → bank 80 %");
    }

    private static Element cells(Document svg) {
        NodeList groups = svg.getElementsByTagName("g");
        return (Element) groups.item(0);
    }

    private static List<String> texts(NodeList nodes) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
