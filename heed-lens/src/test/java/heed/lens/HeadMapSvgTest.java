package heed.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HeadMapSvgTest {
    /// One layer of two heads; the first looks at itself, the second evenly.
    private static final float[] WEIGHTS = {1, 0, 0, 0, 1, 0, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f};

    @Test
    void drawsATileForEachHeadWithItsStrongestCellDeepest() throws Exception {
        Document svg = parse(new HeadMapSvg("a <model>", 1, 2, 2, 3, WEIGHTS).draw());

        assertThat(texts(svg.getElementsByTagName("title")))
                .containsExactly("a <model>: 1 layer of 2 heads", "Layer 0, head 0", "Layer 0, head 1");
        NodeList paths = svg.getElementsByTagName("path");
        assertThat(paths.getLength()).isEqualTo(2);
        Element first = (Element) paths.item(0);
        Element second = (Element) paths.item(1);
        assertThat(first.getAttribute("class")).isEqualTo("w11").isEqualTo(second.getAttribute("class"));
        assertThat(first.getAttribute("d")).isEqualTo("M0 0h1v1h-1zM1 1h1v1h-1z");
        assertThat(second.getAttribute("d")).isEqualTo("M0 0h3v1h-3zM0 1h3v1h-3z");
    }

    @Test
    void aHeadThatLooksAtNothingIsAnEmptyTile() throws Exception {
        Document svg = parse(new HeadMapSvg("model", 1, 1, 1, 1, new float[1]).draw());

        assertThat(svg.getElementsByTagName("path").getLength()).isZero();
        assertThat(texts(svg.getElementsByTagName("text"))).contains("0");
    }

    @Test
    void moreHeadsHaveCoarserTiles() {
        assertThat(HeadMapSvg.side(72)).isEqualTo(28);
        assertThat(HeadMapSvg.side(144)).isEqualTo(20);
        assertThat(HeadMapSvg.side(100_000)).isEqualTo(8);
    }

    @Test
    void weightsOfAnotherShapeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HeadMapSvg("model", 2, 2, 2, 3, WEIGHTS))
                .withMessage("a head map of 2 layers, 2 heads, 2 rows and 3 columns has 24 weights, not 12");
    }

    private static List<String> texts(NodeList elements) {
        return IntStream.range(0, elements.getLength())
                .mapToObj(i -> elements.item(i).getTextContent())
                .toList();
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
