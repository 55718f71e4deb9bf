package heed.lens;

import heed.model.AttentionMap;
import heed.model.AttentionMap.Link;
import heed.model.AttentionMaps;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// All heads of a model as a grid, layers × heads: what each looks at most, and which link words.
final class HeadMapText {
    private static final int CELL = 5;
    private static final int ROW_LABEL = 7;
    private static final int SUGGESTED = 5;
    private static final int EXAMPLES = 3;

    private final Terminal terminal;
    private final AttentionMaps maps;
    private final TokenLabels labels;
    private final TokenLabels keyLabels;
    private final HeadRanking ranking;
    private final HeadProfile[][] profiles;

    HeadMapText(Terminal terminal, AttentionMaps maps) {
        this.terminal = terminal;
        this.maps = maps;
        this.labels = TokenLabels.of(maps.tokens());
        this.keyLabels = TokenLabels.of(maps.keyTokens());
        this.ranking = HeadRanking.of(maps);
        this.profiles = new HeadProfile[maps.layers()][maps.heads()];
        for (HeadProfile profile : ranking.heads()) {
            profiles[profile.layer()][profile.head()] = profile;
        }
    }

    String draw() {
        StringBuilder text = new StringBuilder();
        text.append(terminal.bold(TokenLabels.escape(maps.model()) + ": " + maps.layers() + " layers of " + maps.heads()
                        + " heads, " + tokens()))
                .append('\n');
        String shade = terminal.colours() == Terminal.Colours.NONE
                ? "The bar behind a number: how much the head links words with each other."
                : "The " + (terminal.light() ? "darker" : "brighter")
                        + " a number’s ground, the more the head links words with each other.";
        text.append(terminal.lines("What each head looks at most, and the share of attention that goes there."))
                .append(terminal.lines("Layers and heads count from 0. " + shade));
        int fitting = Math.max(1, (terminal.columns() - ROW_LABEL) / cellWidth());
        for (int first = 0; first < maps.heads(); first += fitting) {
            grid(text, first, Math.min(maps.heads(), first + fitting));
        }
        legend(text);
        suggestions(text);
        return text.toString();
    }

    private String tokens() {
        int queries = maps.tokens().size();
        int keys = maps.keyTokens().size();
        return maps.tokens().equals(maps.keyTokens()) ? queries + " tokens" : "from " + queries + " tokens to " + keys;
    }

    private int cellWidth() {
        return terminal.colours() == Terminal.Colours.NONE ? CELL + 1 : CELL;
    }

    private void grid(StringBuilder text, int firstHead, int endHead) {
        text.append('\n').append(DisplayWidth.left("layer", ROW_LABEL));
        for (int head = firstHead; head < endHead; head++) {
            text.append(DisplayWidth.right(Integer.toString(head), cellWidth() - 1))
                    .append(' ');
        }
        text.append("head\n");
        for (int layer = 0; layer < maps.layers(); layer++) {
            text.append(DisplayWidth.right(Integer.toString(layer), 5)).append("  ");
            for (int head = firstHead; head < endHead; head++) {
                text.append(cell(profiles[layer][head]));
            }
            text.append('\n');
        }
    }

    private String cell(HeadProfile profile) {
        HeadProfile.Target mostly = profile.mostly();
        String said = DisplayWidth.left(" " + sign(mostly) + Percent.number(profile.share(mostly)), CELL);
        double most = Math.max(ranking.best().linking(), 1e-9);
        double share = profile.linking() / most;
        if (terminal.colours() == Terminal.Colours.NONE) {
            return said + " ▁▂▃▄▅▆▇█".charAt((int) Math.round(8 * share));
        }
        return terminal.painted(said, share);
    }

    private static char sign(HeadProfile.Target target) {
        return switch (target) {
            case SPECIAL -> '#';
            case ITSELF -> '=';
            case PREVIOUS -> '<';
            case NEXT -> '>';
            case OTHERS -> '*';
        };
    }

    private void legend(StringBuilder text) {
        String special = keyLabels.specialNames();
        text.append("\n  * other words   < the word before   > the word after   = itself")
                .append(special.isEmpty() ? "" : "   # " + special)
                .append('\n');
    }

    private void suggestions(StringBuilder text) {
        List<HeadProfile> telling = ranking.heads().stream()
                .filter(head -> head.linking() > 0)
                .limit(SUGGESTED)
                .toList();
        if (telling.isEmpty()) {
            text.append("\nNo head links distant words of this text.\n");
            return;
        }
        text.append('\n').append(terminal.bold("Worth opening first")).append('\n');
        for (HeadProfile head : telling) {
            text.append(DisplayWidth.left("  layer " + head.layer() + ", head " + head.head(), 21))
                    .append(examples(head))
                    .append('\n');
        }
    }

    /// The strongest links between different words that are not neighbours.
    private String examples(HeadProfile head) {
        AttentionMap map = maps.layer(head.layer()).head(head.head());
        boolean self = maps.tokens().equals(maps.keyTokens());
        return labels.words().stream()
                .mapToObj(i -> IntStream.range(0, keyLabels.size())
                        .filter(j -> keyLabels.words().get(j) && !(self && Math.abs(i - j) <= 1))
                        .mapToObj(j -> new Link(i, j, map.weights()[i][j]))
                        .max(Comparator.comparingDouble(Link::weight)))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingDouble(Link::weight).reversed())
                .limit(EXAMPLES)
                .map(link -> DisplayWidth.steadied(labels.get(link.query())) + " → "
                        + DisplayWidth.steadied(keyLabels.get(link.key())) + " " + Percent.of(link.weight()))
                .collect(Collectors.joining(", "));
    }
}
