package heed.lens;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// All heads of a stack as one picture that stands alone, in SVG: a tile for each head, layers below each
/// other, in each tile the rows that look and the columns that are looked at. Each tile has its deepest colour
/// at its own strongest cell, and colours grow with the square root of the weight, so that faint patterns are
/// seen.
///
/// Like [AttentionSvg] it follows the reader's light or dark scheme, and uses neither script nor CSS variables.
///
/// @param title what the picture is of, such as `minilm, encoder`
/// @param layers how many rows of tiles
/// @param heads how many tiles in a row
/// @param rows of each tile
/// @param columns of each tile
/// @param weights the greatest weight in each cell, `[layers, heads, rows, columns]`
public record HeadMapSvg(String title, int layers, int heads, int rows, int columns, float[] weights) {
    /// Cells of a picture that is still small enough to be mailed: some 400 KB.
    private static final int MOST_CELLS = 60_000;

    private static final int LEAST_SIDE = 8;
    private static final int LEVELS = 12;
    private static final int TILE = 60;
    private static final int PITCH = TILE + 8;
    private static final int LEFT = 44;
    private static final int TOP = 88;
    private static final int MARGIN = 20;
    private static final int LEAST_WIDTH = 460;

    /// @throws IllegalArgumentException when the weights do not have the shape
    public HeadMapSvg {
        long cells = (long) layers * heads * rows * columns;
        if (layers < 1 || heads < 1 || rows < 1 || columns < 1 || cells != weights.length) {
            throw new IllegalArgumentException("a head map of " + layers + " layers, " + heads + " heads, " + rows
                    + " rows and " + columns + " columns has " + cells + " weights, not " + weights.length);
        }
    }

    /// Cells on each side that a tile may have in a picture of so many heads.
    public static int side(int heads) {
        return Math.max(LEAST_SIDE, (int) Math.sqrt((double) MOST_CELLS / heads));
    }

    /// The picture.
    public String draw() {
        StringBuilder svg = new StringBuilder();
        open(svg);
        for (int head = 0; head < heads; head++) {
            number(svg, LEFT + head * PITCH + TILE / 2, TOP - 8, "middle", head);
        }
        for (int layer = 0; layer < layers; layer++) {
            number(svg, LEFT - 10, TOP + layer * PITCH + TILE / 2 + 4, "end", layer);
            for (int head = 0; head < heads; head++) {
                tile(svg, layer, head);
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private void open(StringBuilder svg) {
        int width = Math.max(LEAST_WIDTH, LEFT + heads * PITCH + MARGIN);
        int height = TOP + layers * PITCH + MARGIN;
        String size = "width=\"" + width + "\" height=\"" + height + "\"";
        String name = AttentionHtml.escape(title + ": " + layers + (layers == 1 ? " layer" : " layers") + " of " + heads
                + (heads == 1 ? " head" : " heads"));
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + " " + height + "\" " + size
                        + " role=\"img\" aria-labelledby=\"heed-heads-title heed-heads-desc\">\n")
                .append("<title id=\"heed-heads-title\">" + name + "</title>\n")
                .append("<desc id=\"heed-heads-desc\">How much attention each word gives to each other, drawn as a tile"
                        + " for each head. Layers are rows of tiles, counted from 0.</desc>\n");
        style(svg);
        svg.append("<rect class=\"paper\" " + size + " rx=\"8\"/>\n")
                .append("<text x=\"" + MARGIN + "\" y=\"30\" class=\"title\">" + name + "</text>\n")
                .append("<text x=\"" + MARGIN + "\" y=\"50\" class=\"quiet\">Each tile is one head: rows look, columns"
                        + " are looked at.</text>\n");
    }

    private static void number(StringBuilder svg, int x, int y, String anchor, int number) {
        svg.append("<text x=\"" + x + "\" y=\"" + y + "\" class=\"quiet\" text-anchor=\"" + anchor + "\">" + number
                + "</text>\n");
    }

    private void tile(StringBuilder svg, int layer, int head) {
        String place = "x=\"" + (LEFT + head * PITCH) + "\" y=\"" + (TOP + layer * PITCH) + "\" width=\"" + TILE
                + "\" height=\"" + TILE + "\"";
        svg.append("<g><title>Layer " + layer + ", head " + head + "</title><svg " + place + " viewBox=\"0 0 " + columns
                + " " + rows + "\" preserveAspectRatio=\"none\" shape-rendering=\"crispEdges\">\n");
        String[] shades = shades((layer * heads + head) * rows * columns);
        for (int level = 1; level < LEVELS; level++) { // what looks empty is left to the paper
            if (!shades[level].isEmpty()) {
                svg.append("<path class=\"w" + level + "\" d=\"" + shades[level] + "\"/>\n");
            }
        }
        svg.append("</svg><rect class=\"frame\" " + place + "/></g>\n");
    }

    /// The outlines of all cells of each shade; neighbours of one shade in a row are one rectangle.
    private String[] shades(int start) {
        float most = 0;
        for (int i = start; i < start + rows * columns; i++) {
            most = Math.max(most, weights[i]);
        }
        String[] shades = new String[LEVELS];
        StringBuilder[] outlines = new StringBuilder[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            outlines[level] = new StringBuilder();
        }
        for (int row = 0; row < rows; row++) {
            int to;
            for (int from = 0; from < columns; from = to) {
                int level = level(weights[start + row * columns + from], most);
                to = from + 1;
                while (to < columns && level(weights[start + row * columns + to], most) == level) {
                    to++;
                }
                outlines[level].append("M" + from + " " + row + "h" + (to - from) + "v1h-" + (to - from) + "z");
            }
        }
        for (int level = 0; level < LEVELS; level++) {
            shades[level] = outlines[level].toString();
        }
        return shades;
    }

    private static int level(float weight, float most) {
        return most > 0 ? (int) Math.round((LEVELS - 1) * Math.sqrt(weight / most)) : 0;
    }

    private static void style(StringBuilder svg) {
        svg.append(
                        "<style>text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;fill:#171b21}"
                                + ".title{font-size:15px;font-weight:600}.quiet{font-size:12px;fill:#56606d}"
                                + ".frame{fill:none;stroke:#d9dee6}")
                .append(rules(Ramp.LIGHT))
                .append(
                        "@media (prefers-color-scheme:dark){text{fill:#e8ebf0}.quiet{fill:#a3adba}.frame{stroke:#363b44}")
                .append(rules(Ramp.DARK))
                .append("}</style>\n");
    }

    private static String rules(Ramp ramp) {
        return ".paper{fill:" + ramp.hex(0) + "}"
                + IntStream.range(1, LEVELS)
                        .mapToObj(level -> ".w" + level + "{fill:" + ramp.hex(level / (LEVELS - 1.0)) + "}")
                        .collect(Collectors.joining());
    }
}
