package heed.lens;

import heed.model.AttentionMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// One head as a heat map, and under it the strongest links of each word.
final class HeadText {
    private static final int LEAST_LABEL = 4;
    private static final int WIDEST_LABEL = 14;
    private static final int TALLEST_HEADER = 10;
    private static final int MOST_ROWS = 60;
    private static final int SPECIAL_COLUMN = 7;
    private static final String ARROW = " → ";

    private final Terminal terminal;
    private final AttentionMap map;
    private final float[][] weights;
    private final TokenLabels queries;
    private final TokenLabels keys;
    private final boolean specialTokens;
    private final int links;
    private final boolean hasHidden;
    private final int labelWidth;
    private final int cellWidth;
    private final int[] rows;
    private final int[] columns;
    private final double darkest;

    HeadText(AttentionText text, AttentionMap map) {
        this.terminal = text.terminal();
        this.map = map;
        this.weights = map.weights();
        this.queries = TokenLabels.of(map.queryTokens());
        this.keys = TokenLabels.of(map.keyTokens());
        // A text of special tokens only would otherwise be an empty picture.
        this.specialTokens = text.specialTokens() || keys.shown(false).length == 0 || queries.shown(false).length == 0;
        this.links = text.links();
        this.hasHidden = !specialTokens && !keys.special().isEmpty();
        int[] shownQueries = queries.shown(specialTokens);
        int[] shownKeys = keys.shown(specialTokens);
        this.labelWidth = Math.min(
                WIDEST_LABEL,
                Arrays.stream(shownQueries)
                        .map(i -> DisplayWidth.of(queries.get(i)))
                        .max()
                        .orElse(0));
        int room = terminal.columns() - labelWidth - 1 - (hasHidden ? SPECIAL_COLUMN : 0);
        this.cellWidth = cellWidth(room, shownKeys.length);
        int fitting = Math.min(room / cellWidth, MOST_ROWS);
        boolean self = map.queryTokens().equals(map.keyTokens());
        this.columns = self
                ? Window.ofLinks(weights, shownKeys, fitting)
                : Window.ofKeys(weights, shownKeys, room / cellWidth);
        this.rows = self ? columns : Window.ofQueries(weights, shownQueries, columns, MOST_ROWS);
        this.darkest = Arrays.stream(rows)
                .mapToDouble(i -> Arrays.stream(columns)
                        .mapToDouble(j -> weights[i][j])
                        .max()
                        .orElse(0))
                .max()
                .orElse(0);
    }

    /// Wide enough for a number when colours carry the shade and there is room, else two columns: a square.
    private int cellWidth(int room, int cells) {
        if (terminal.colours() == Terminal.Colours.NONE) {
            return 2;
        }
        return cells * 4 <= room ? 4 : cells * 3 <= room ? 3 : 2;
    }

    String draw() {
        StringBuilder text = new StringBuilder();
        text.append(terminal.bold(AttentionText.name(map) + " of " + TokenLabels.escape(map.model())))
                .append('\n');
        prose(text, "Each row is a word that looks, each column a word it looks at; " + shadeSaysMore() + ".");
        prose(
                text,
                hasHidden
                        ? "A row adds up to 100 % with its last number, the share on " + keys.specialNames() + "."
                        : "A row adds up to 100 %.");
        windowNote(text);
        text.append('\n');
        header(text);
        for (int i : rows) {
            row(text, i);
        }
        text.append('\n');
        legend(text);
        text.append('\n')
                .append(terminal.bold("The strongest links of each word"))
                .append('\n');
        for (int i : rows) {
            links(text, i);
        }
        return text.toString();
    }

    private String shadeSaysMore() {
        if (terminal.colours() == Terminal.Colours.NONE) {
            return "the fuller a cell, the more";
        }
        return terminal.light() ? "the darker, the more" : "the brighter, the more";
    }

    private void windowNote(StringBuilder text) {
        int hidden = specialTokens ? 0 : queries.special().cardinality();
        int all = queries.size() - hidden;
        if (rows.length < all) {
            prose(
                    text,
                    "Shown are " + rows.length + " of " + all + " tokens, where the links are strongest: " + place(rows)
                            + " of the text. What goes to others is not shown.");
        }
        int allKeys = keys.size() - (specialTokens ? 0 : keys.special().cardinality());
        if (!Arrays.equals(rows, columns) && columns.length < allKeys) {
            prose(
                    text,
                    "Of the " + allKeys + " tokens that are looked at, " + columns.length
                            + " are shown, those that receive most: " + place(columns) + ".");
        }
    }

    private static String place(int[] window) {
        return "tokens " + (window[0] + 1) + " to " + (window[window.length - 1] + 1);
    }

    /// Key labels from top to bottom, standing on their columns.
    private void header(StringBuilder text) {
        List<List<String>> standing = new ArrayList<>();
        int height = 0;
        for (int j : columns) {
            List<String> letters = DisplayWidth.clusters(keys.get(j)).stream()
                    .map(cluster -> DisplayWidth.ofCluster(cluster) > cellWidth ? "?" : cluster)
                    .collect(Collectors.toCollection(ArrayList::new));
            if (letters.size() > TALLEST_HEADER) {
                letters.subList(TALLEST_HEADER - 1, letters.size()).clear();
                letters.add("…");
            }
            standing.add(letters);
            height = Math.max(height, letters.size());
        }
        for (int level = 0; level < height; level++) {
            StringBuilder line = new StringBuilder(" ".repeat(labelWidth + 1));
            for (List<String> letters : standing) {
                int letter = level - (height - letters.size());
                String cluster = letter < 0 ? "" : letters.get(letter);
                line.append(" ".repeat((cellWidth - 1) / 2))
                        .append(DisplayWidth.left(cluster, cellWidth - (cellWidth - 1) / 2));
            }
            if (hasHidden && level == height - 1) {
                line.append("special");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
    }

    private void row(StringBuilder text, int i) {
        text.append(DisplayWidth.right(queries.get(i), labelWidth)).append(' ');
        for (int j : columns) {
            text.append(cell(weights[i][j]));
        }
        if (hasHidden) {
            text.append(DisplayWidth.right(Percent.of(onSpecial(i)), SPECIAL_COLUMN));
        }
        text.append('\n');
    }

    private String cell(float weight) {
        double share = darkest > 0 ? weight / darkest : 0;
        if (terminal.colours() == Terminal.Colours.NONE) {
            return BLOCKS[level(share)];
        }
        boolean worthNumber = cellWidth > 2 && Math.round(100 * weight) > 0;
        String number = worthNumber ? Percent.number(weight) : "";
        String centred = cellWidth == 4 && number.length() < 3 ? number + " " : number;
        return terminal.painted(" ".repeat(cellWidth - centred.length()) + centred, share);
    }

    /// The lowest level is a dot, so that rows and columns can be followed where nothing is.
    private static final String[] BLOCKS = {" ·", "░░", "▒▒", "▓▓", "██"};

    private static final double[] LEVELS = {0.08, 0.25, 0.5, 0.75};

    private static int level(double share) {
        return (int) Arrays.stream(LEVELS).filter(least -> share >= least).count();
    }

    private void legend(StringBuilder text) {
        text.append(" ".repeat(labelWidth + 1));
        if (terminal.colours() == Terminal.Colours.NONE) {
            text.append(IntStream.range(0, BLOCKS.length)
                    .mapToObj(level ->
                            level == 0 ? "· less" : BLOCKS[level] + " from " + Percent.of(LEVELS[level - 1] * darkest))
                    .collect(Collectors.joining("   ")));
        } else {
            text.append("0 % ");
            int steps = 24;
            for (int step = 0; step < steps; step++) {
                text.append(terminal.painted(" ", step / (steps - 1.0)));
            }
            text.append(' ').append(Percent.of(darkest));
        }
        text.append('\n');
    }

    private void links(StringBuilder text, int i) {
        double special = onSpecial(i);
        String rest = hasHidden ? "+ " + Percent.of(special) + " on " + keys.specialNames() : "";
        int room = terminal.columns() - labelWidth - ARROW.length() - (hasHidden ? DisplayWidth.of(rest) + 2 : 0);
        int linkWidth = Math.clamp(room / links - " 100 %, ".length(), LEAST_LABEL, WIDEST_LABEL);
        String strongest = map.strongest(i, keys.size()).stream()
                .filter(link -> specialTokens || !keys.special().get(link.key()))
                .filter(link -> link.weight() > 0)
                .limit(links)
                .map(link -> DisplayWidth.steadied(DisplayWidth.cut(keys.get(link.key()), linkWidth)) + " "
                        + Percent.of(link.weight()))
                .collect(Collectors.joining(", "));
        String said = strongest.isEmpty() && special == 0 ? "nothing" : strongest.isEmpty() ? "–" : strongest;
        text.append(DisplayWidth.right(queries.get(i), labelWidth)).append(ARROW);
        if (rest.isEmpty()) {
            text.append(said);
        } else {
            int column = Math.min(room, linkColumn());
            text.append(said)
                    .append(" ".repeat(Math.max(2, column - DisplayWidth.of(said))))
                    .append(terminal.faint(rest));
        }
        text.append('\n');
    }

    /// Where the share on special tokens stands: after links of usual length.
    private int linkColumn() {
        int usual = Math.min(
                WIDEST_LABEL,
                2
                        + Arrays.stream(columns)
                                .map(j -> DisplayWidth.of(keys.get(j)))
                                .max()
                                .orElse(0));
        return links * (usual + 6);
    }

    private double onSpecial(int i) {
        return keys.special().stream().mapToDouble(j -> weights[i][j]).sum();
    }

    private void prose(StringBuilder text, String sentence) {
        text.append(terminal.lines(sentence));
    }
}
