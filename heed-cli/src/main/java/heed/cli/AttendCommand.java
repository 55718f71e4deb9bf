package heed.cli;

import heed.family.Seq2SeqNetwork;
import heed.lens.AttentionHtml;
import heed.lens.AttentionSvg;
import heed.lens.AttentionText;
import heed.lens.HeadProfile;
import heed.lens.HeadRanking;
import heed.lens.Terminal;
import heed.model.AttentionMap;
import heed.model.AttentionMaps;
import heed.model.EncoderDecoderMaps;
import heed.model.Model;
import heed.model.Recording;
import heed.pass.Point;
import heed.pass.Site;
import heed.task.Embedder;
import heed.task.WordVectors;
import heed.task.WordVectors.WordVector;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "attend",
        mixinStandardHelpOptions = true,
        description = "Show which word looks at which.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed attend \"The bank can refuse to lend money to the person by the river bank.\"",
            "  heed attend --layer 3 --head 7 \"Mark told Sam that he was leaving.\"",
            "  heed attend --format html --out bank.html \"The bank was steep.\" --pair \"The bank was closed.\""
        })
final class AttendCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = {"-l", "--layer"},
            paramLabel = "L",
            description = "One layer, from 0. Default: the one that shows most.")
    private @Nullable Integer layer;

    @Option(
            names = {"-H", "--head"},
            paramLabel = "H",
            description = "One head of --layer, from 0. Default: the one that shows most.")
    private @Nullable Integer head;

    @Option(
            names = "--format",
            paramLabel = "text|json|svg|html",
            defaultValue = "text",
            description =
                    "text: a heat map; json: the numbers; svg: one head as a picture; html: all heads as a page that"
                            + " needs nothing else. Default: text")
    private Format format = Format.TEXT;

    private enum Format {
        TEXT,
        JSON,
        SVG,
        HTML
    }

    @Option(
            names = "--view",
            paramLabel = "matrix|links",
            defaultValue = "matrix",
            description = "What an svg shows: rows and columns, or lines between two columns of words. Default: matrix")
    private View view = View.MATRIX;

    private enum View {
        MATRIX,
        LINKS
    }

    @Mixin
    private OutputOption out = new OutputOption();

    @Option(names = "--special", description = "Show [CLS], [SEP] and their like in the text map as well.")
    private boolean special;

    @Option(
            names = "--of",
            paramLabel = "encoder|decoder|cross",
            description =
                    "With a model that has both: who looks at whom. Default: cross, from --pair to TEXT; for json with"
                            + " --layer and for html, encoder")
    private @Nullable Stack stack;

    private enum Stack {
        ENCODER,
        DECODER,
        CROSS
    }

    @Option(
            names = "--pair",
            paramLabel = "TEXT",
            description = "A second text, which the first can look at. With a model that has encoder and decoder: the"
                    + " target, what TEXT is translated to.")
    private @Nullable String pair;

    @Parameters(paramLabel = "TEXT", description = "The text.")
    @SuppressWarnings("NullAway.Init")
    private String text;

    @Override
    public Integer call() throws IOException {
        if (head != null && layer == null) {
            throw new ParameterException(spec.commandLine(), "--head goes with --layer: heads are numbered per layer");
        }
        try (Model opened = model.open(spec.commandLine().getErr())) {
            if (opened.network() instanceof Seq2SeqNetwork && pair != null) {
                out.write(
                        shown() == Stack.CROSS
                                ? crossing(opened.lookAtSource(text, pair))
                                : across(opened.lookAcross(text, pair)),
                        spec);
                return 0;
            }
            if (stack != null && stack != Stack.ENCODER) {
                throw new IllegalArgumentException("--of " + stack.name().toLowerCase(Locale.ROOT)
                        + " needs a model with encoder and" + " decoder, and --pair for what it writes");
            }
            Recording recording = Recording.of(Point.WEIGHTS, Point.HIDDEN);
            AttentionMaps maps = opened.look(text, pair, recording);
            String output = switch (format) {
                case TEXT -> asText(opened, maps, recording);
                case JSON -> Json.line(asJson(maps));
                case SVG -> picture(chosen(maps));
                case HTML ->
                    new AttentionHtml(maps)
                            .withText(pair == null ? text : text + " / " + pair)
                            .html();
            };
            out.write(output, spec);
        }
        return 0;
    }

    /// The stack that a model with encoder and decoder shows.
    private Stack shown() {
        return stack != null ? stack : format == Format.TEXT || format == Format.SVG ? Stack.CROSS : Stack.ENCODER;
    }

    /// What a decoder looks at in a source.
    private String crossing(AttentionMaps maps) {
        return switch (format) {
            case TEXT -> drawn(maps);
            case SVG -> picture(chosen(maps));
            case JSON -> {
                Map<String, Object> json = asJson(maps);
                json.put("key_tokens", maps.keyTokens());
                yield Json.line(json);
            }
            case HTML ->
                throw new IllegalArgumentException(
                        "a page shows a text that looks at itself: use --of encoder or decoder");
        };
    }

    /// What an encoder or a decoder looks at in its own text, or as JSON all three.
    private String across(EncoderDecoderMaps maps) {
        AttentionMaps one = shown() == Stack.DECODER ? maps.decoder() : maps.encoder();
        return switch (format) {
            case TEXT -> drawn(one);
            case SVG -> picture(chosen(one));
            case JSON -> {
                Map<String, Object> json = asJson(one);
                if (layer == null && stack == null) {
                    json.put("target_tokens", maps.decoder().tokens());
                    json.put("decoder_attentions", maps.decoder().weights());
                    json.put("cross_attentions", maps.cross().weights());
                }
                yield Json.line(json);
            }
            case HTML -> new AttentionHtml(one).withText(text + " / " + pair).html();
        };
    }

    /// The head that was asked for, or the one that shows most.
    private AttentionMap chosen(AttentionMaps maps) {
        if (layer != null && head != null) {
            return maps.layer(layer).head(head);
        }
        if (layer != null) {
            maps.layer(layer); // says so when there is no such layer
            return maps.layer(layer).head(HeadRanking.of(maps).best(layer).head());
        }
        HeadProfile best = HeadRanking.of(maps).best();
        return maps.layer(best.layer()).head(best.head());
    }

    private String picture(AttentionMap map) {
        AttentionSvg picture = new AttentionSvg(map);
        return view == View.LINKS ? picture.links() : picture.matrix();
    }

    private Map<String, Object> asJson(AttentionMaps maps) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", maps.model());
        json.put("tokens", maps.tokens());
        if (layer != null && head != null) {
            json.put("layer", layer);
            json.put("head", head);
            json.put("weights", maps.layer(layer).head(head).weights());
        } else if (layer != null) {
            maps.layer(layer); // says so when there is no such layer
            json.put("layer", layer);
            json.put("attentions", new float[][][][] {maps.weights()[layer]});
        } else {
            json.put("attentions", maps.weights());
        }
        return json;
    }

    private String asText(Model opened, AttentionMaps maps, Recording recording) {
        return pair == null ? drawn(maps) + twoContexts(opened, recording) : drawn(maps);
    }

    /// All heads where none was asked for, then the one that shows most.
    private String drawn(AttentionMaps maps) {
        Terminal terminal = Terminal.of(System.getenv(), out.isStandard() && Audience.watchesOutput());
        AttentionText words = new AttentionText(terminal, special, 3);
        StringBuilder output = new StringBuilder();
        if (layer == null) {
            output.append(words.heads(maps).stripTrailing()).append("\n\n");
        }
        return output.append(words.head(chosen(maps)).stripTrailing())
                .append('\n')
                .toString();
    }

    /// For words that occur more than once: how alike their vectors are after the last layer.
    private String twoContexts(Model opened, Recording recording) {
        Site last = new Site(opened.network().reader(), opened.config().layers() - 1);
        List<WordVector> words = new WordVectors(opened).of(text, recording.at(last, Point.HIDDEN));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            for (int j = i + 1; j < words.size(); j++) {
                WordVector first = words.get(i);
                WordVector second = words.get(j);
                boolean content =
                        first.word().length() > 3 && first.word().chars().allMatch(Character::isLetter);
                if (content && first.word().equalsIgnoreCase(second.word())) {
                    lines.append(String.format(
                            Locale.ROOT,
                            "  %s (word %d) and %s (word %d): cosine %.3f%n",
                            first.word(),
                            i + 1,
                            second.word(),
                            j + 1,
                            Embedder.cosine(first.vector(), second.vector())));
                }
            }
        }
        return lines.isEmpty()
                ? ""
                : "\nThe same word in two contexts has two vectors (after the last layer; 1 would be the same):\n"
                        + lines;
    }
}
