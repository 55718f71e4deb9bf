package heed.lens;

import heed.model.AttentionMap;
import heed.model.AttentionMap.Link;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// One head as a picture that stands alone, in SVG.
///
/// The picture follows the reader's light or dark scheme by a media query of its own style, and uses neither
/// script nor CSS variables, which many programs that draw SVG do not know; those show the light one. Its
/// title and description say in words what is drawn. {@link Ramp} says how the colours were chosen.
///
/// @param map the weights to draw
/// @param specialTokens whether tokens such as `[CLS]` and `[SEP]` take part; without them their share is named
public record AttentionSvg(AttentionMap map, boolean specialTokens) {
    /// A longer text shows the part in which links are strongest.
    private static final int MOST_TOKENS = 80;

    private static final int MOST_LINES = 2000;
    private static final int MOST_TITLED = 40;
    private static final int LEVELS = 32;
    private static final int CELL = 24;
    private static final int ROW = 26;
    private static final int MARGIN = 20;
    private static final int LEAST_WIDTH = 500;
    private static final int WIDEST_LABEL = 18;
    private static final int SAID_LINKS = 5;
    private static final double LETTER = 7.4;
    private static final double LEAST_LINE = 0.01;
    private static final double SLANT = Math.toRadians(55);

    /// Real words only.
    public AttentionSvg(AttentionMap map) {
        this(map, false);
    }

    /// A matrix: rows look, columns are looked at, the shade is the weight.
    public String matrix() {
        return new Drawing().matrix();
    }

    /// Two columns of tokens with lines from each to those that it looks at; a stronger line is a higher
    /// weight.
    public String links() {
        return new Drawing().links();
    }

    /// What both pictures share: which tokens are shown, and text around the picture.
    private final class Drawing {
        private final float[][] weights = map.weights();
        private final TokenLabels queries = TokenLabels.of(map.queryTokens());
        private final TokenLabels keys = TokenLabels.of(map.keyTokens());
        private final boolean all = specialTokens || queries.shown(false).length == 0 || keys.shown(false).length == 0;
        private final boolean hides = !all && !keys.special().isEmpty();
        private final int[] rows;
        private final int[] columns;
        private final double most;
        private final StringBuilder svg = new StringBuilder();

        Drawing() {
            int[] shownQueries = queries.shown(all);
            int[] shownKeys = keys.shown(all);
            boolean self = map.queryTokens().equals(map.keyTokens());
            columns = self
                    ? Window.ofLinks(weights, shownKeys, MOST_TOKENS)
                    : Window.ofKeys(weights, shownKeys, MOST_TOKENS);
            rows = self ? columns : Window.ofQueries(weights, shownQueries, columns, MOST_TOKENS);
            most = Arrays.stream(rows)
                    .mapToDouble(i -> Arrays.stream(columns)
                            .mapToDouble(j -> weights[i][j])
                            .max()
                            .orElse(0))
                    .max()
                    .orElse(0);
        }

        String matrix() {
            int labels = MARGIN + labelWidth(queries, rows) + 6;
            int slanted = labelWidth(keys, columns);
            int size = CELL * columns.length;
            int height = CELL * rows.length;
            int top = 86 + (int) Math.ceil(slanted * Math.sin(SLANT)) + 8;
            int tail = Math.max(hides ? 60 : 0, (int) Math.ceil(slanted * Math.cos(SLANT)) - CELL / 2);
            int width = Math.max(labels + size + tail + MARGIN, LEAST_WIDTH);
            open("matrix", width, top + height + 62);
            caption(
                    "Each row is a word that looks; the darker a cell, the more of its attention",
                    "Each row is a word that looks; the brighter a cell, the more of its attention",
                    "goes to that column’s word. "
                            + (hides
                                    ? "The numbers: what goes to " + keys.specialNames() + "."
                                    : columns.length < keys.size()
                                            ? "What goes to other tokens is not shown."
                                            : "A row adds up to 100 %."));
            for (int column = 0; column < columns.length; column++) {
                double x = labels + (column + 0.5) * CELL + 4;
                String turned = String.format(Locale.ROOT, "translate(%.1f %d) rotate(-55)", x, top - 8);
                line("<text transform=\"" + turned + "\">" + label(keys, columns[column]) + "</text>");
            }
            line("<rect class=\"frame\" x=\"" + (labels - 1.5) + "\" y=\"" + (top - 1.5) + "\" width=\"" + (size + 2)
                    + "\" height=\"" + (height + 2) + "\"/>");
            line("<g class=\"cells\">");
            for (int row = 0; row < rows.length; row++) {
                for (int column = 0; column < columns.length; column++) {
                    cell(labels + column * CELL, top + row * CELL, rows[row], columns[column]);
                }
            }
            line("</g>");
            for (int row = 0; row < rows.length; row++) {
                int y = top + row * CELL + CELL / 2 + 4;
                line(text(labels - 6, y, "end", "", label(queries, rows[row])));
                if (hides) {
                    line(text(labels + size + 8, y, "start", "quiet", "+ " + escape(Percent.of(onSpecial(rows[row])))));
                }
            }
            legend(labels, top + height + 22);
            return close();
        }

        private void cell(int x, int y, int query, int key) {
            double share = most > 0 ? weights[query][key] / most : 0;
            String place = "<rect class=\"w" + level(share) + "\" x=\"" + x + "\" y=\"" + y + "\" width=\"" + (CELL - 1)
                    + "\" height=\"" + (CELL - 1) + "\"";
            // Cells that look empty in a large picture are left to the paper under them.
            if (columns.length <= MOST_TITLED) {
                line(place + "><title>" + said(query, key) + "</title></rect>");
            } else if (level(share) > 0) {
                line(place + "/>");
            }
        }

        private void legend(int x, int y) {
            line(text(x, y + 10, "start", "quiet", "0 %"));
            for (int level = 0; level < LEVELS; level++) {
                line("<rect class=\"w" + level + "\" x=\"" + (x + 30 + 5 * level) + "\" y=\"" + y
                        + "\" width=\"5\" height=\"12\"/>");
            }
            line(text(x + 38 + 5 * LEVELS, y + 10, "start", "quiet", escape(Percent.of(most))));
        }

        String links() {
            int left = labelWidth(queries, rows);
            int right = labelWidth(keys, columns);
            int between = Math.max(240, LEAST_WIDTH - 2 * MARGIN - left - right - 16);
            int from = MARGIN + left + 8;
            int to = from + between;
            int top = 84;
            int height = ROW * Math.max(rows.length, columns.length);
            int width = to + 8 + right + MARGIN;
            open("links", width, top + height + (hides ? 40 : 20));
            String caption = "From each word on the left to the words it looks at on the right;";
            caption(caption, caption, "the stronger a line, the more of its attention.");
            line("<g class=\"lines\">");
            strongest(MOST_LINES).stream()
                    .filter(link -> link.weight() >= LEAST_LINE)
                    .sorted(Comparator.comparingDouble(Link::weight))
                    .forEach(link -> {
                        double y1 = top + (place(rows, link.query()) + 0.5) * ROW;
                        double y2 = top + (place(columns, link.key()) + 0.5) * ROW;
                        line(String.format(
                                Locale.ROOT,
                                "<path d=\"M%d %.0fC%d %.0f %d %.0f %d %.0f\" stroke-opacity=\"%.2f\""
                                        + " stroke-width=\"%.1f\"><title>%s</title></path>",
                                from,
                                y1,
                                from + between * 2 / 5,
                                y1,
                                from + between * 3 / 5,
                                y2,
                                to,
                                y2,
                                Math.min(1, 0.06 + link.weight()),
                                1 + 5 * link.weight(),
                                said(link.query(), link.key())));
                    });
            line("</g>");
            for (int row = 0; row < rows.length; row++) {
                line(text(from - 8, top + row * ROW + ROW / 2 + 4, "end", "", label(queries, rows[row])));
            }
            for (int row = 0; row < columns.length; row++) {
                line(text(to + 8, top + row * ROW + ROW / 2 + 4, "start", "", label(keys, columns[row])));
            }
            if (hides) {
                double mean = Arrays.stream(rows)
                        .mapToDouble(this::onSpecial)
                        .average()
                        .orElse(0);
                line(text(
                        MARGIN,
                        top + height + 22,
                        "start",
                        "quiet",
                        "Not drawn: " + escape(Percent.of(mean)) + " of the attention, on "
                                + escape(keys.specialNames())));
            }
            return close();
        }

        private void open(String form, int width, int height) {
            String id = "heed-" + form + "-" + map.layer() + "-" + Math.max(map.head(), 0);
            line("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + " " + height + "\" width=\""
                    + width + "\" height=\"" + height + "\" role=\"img\" aria-labelledby=\"" + id + "-title " + id
                    + "-desc\">");
            line("<title id=\"" + id + "-title\">" + name() + "</title>");
            String strongest = strongest(SAID_LINKS).stream()
                    .map(link -> said(link.query(), link.key()))
                    .collect(Collectors.joining(", "));
            line("<desc id=\"" + id + "-desc\">How much attention each word gives to each other, drawn as " + form
                    + ". Strongest links: " + (strongest.isEmpty() ? "none" : strongest) + "." + part() + "</desc>");
            style();
            line("<rect class=\"paper\" width=\"" + width + "\" height=\"" + height + "\" rx=\"8\"/>");
        }

        private void caption(String first, String firstOnDark, String second) {
            line(text(MARGIN, 30, "start", "title", name() + escape(part())));
            String onDark = firstOnDark.equals(first) ? "quiet" : "quiet light";
            line(text(MARGIN, 50, "start", onDark, escape(first)));
            if (!firstOnDark.equals(first)) {
                line(text(MARGIN, 50, "start", "quiet dark", escape(firstOnDark)));
            }
            line(text(MARGIN, 66, "start", "quiet", escape(second)));
        }

        /// Plain rules, one class per shade, so that programs without CSS variables show the picture too.
        private void style() {
            line("<style>");
            line("text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;fill:#171b21}"
                    + ".title{font-size:15px;font-weight:600}.quiet{font-size:12px;fill:#56606d}.dark{display:none}.frame{fill:none;stroke:#d9dee6}"
                    + ".lines path{fill:none;stroke:#1457c8}.lines path:hover{stroke-opacity:1}");
            line(shades(Ramp.LIGHT));
            line(
                    "@media (prefers-color-scheme:dark){text{fill:#e8ebf0}.quiet{fill:#a3adba}.lines path{stroke:#7fb2ff}.frame{stroke:#363b44}"
                            + ".light{display:none}.dark{display:inline}" + shades(Ramp.DARK) + "}");
            line("</style>");
        }

        private String shades(Ramp ramp) {
            return ".paper{fill:" + ramp.hex(0) + "}"
                    + IntStream.range(0, LEVELS)
                            .mapToObj(level -> ".w" + level + "{fill:" + ramp.hex(level / (LEVELS - 1.0)) + "}")
                            .collect(Collectors.joining());
        }

        /// The strongest links that are shown, strongest first.
        private List<Link> strongest(int count) {
            return Arrays.stream(rows)
                    .boxed()
                    .flatMap(i -> Arrays.stream(columns).mapToObj(j -> new Link(i, j, weights[i][j])))
                    .filter(link -> link.weight() > 0)
                    .sorted(Comparator.comparingDouble(Link::weight).reversed())
                    .limit(count)
                    .toList();
        }

        private String name() {
            String name = AttentionText.name(map) + " of " + map.model();
            return escape(Character.toUpperCase(name.charAt(0)) + name.substring(1));
        }

        private String part() {
            int of = queries.shown(all).length;
            return rows.length < of ? ", " + rows.length + " of " + of + " tokens" : "";
        }

        private String said(int query, int key) {
            return escape(queries.get(query) + " → " + keys.get(key) + " " + Percent.of(weights[query][key]));
        }

        private double onSpecial(int query) {
            return keys.special().stream().mapToDouble(j -> weights[query][j]).sum();
        }

        private String close() {
            line("</svg>");
            return svg.toString();
        }

        private void line(String element) {
            svg.append(element).append('\n');
        }
    }

    private static int level(double share) {
        return (int) Math.round((LEVELS - 1) * Math.clamp(share, 0, 1));
    }

    private static int place(int[] shown, int token) {
        return Arrays.binarySearch(shown, token);
    }

    /// SVG has no measure for text before it is drawn; an average letter is wide enough for most words.
    private static int labelWidth(TokenLabels labels, int[] shown) {
        int widest = Arrays.stream(shown)
                .map(i -> DisplayWidth.of(labels.get(i)))
                .max()
                .orElse(0);
        return (int) Math.ceil(LETTER * Math.min(widest, WIDEST_LABEL));
    }

    private static String label(TokenLabels labels, int token) {
        return escape(DisplayWidth.cut(labels.get(token), WIDEST_LABEL));
    }

    private static String text(int x, int y, String anchor, String classes, String content) {
        return "<text x=\"" + x + "\" y=\"" + y + "\" text-anchor=\"" + anchor + "\""
                + (classes.isEmpty() ? "" : " class=\"" + classes + "\"") + ">" + content + "</text>";
    }

    private static String escape(String text) {
        return AttentionHtml.escape(text);
    }
}
