package heed.cli;

import heed.corpus.PoFile;
import heed.model.Model;
import heed.task.Alignment;
import heed.task.CatalogueTranslator;
import heed.task.Translator;
import heed.task.Translator.Translation;
import heed.task.UnknownScripts;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.Character.UnicodeScript;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
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
        name = "translate",
        mixinStandardHelpOptions = true,
        description = {
            "Translate texts, one a line, or a catalogue of gettext.",
            "",
            "Beam search as the model's files say, unless options say otherwise. As JSON lines: \"source\","
                    + " \"translation\" and its \"score\", the log-probability over the length; with --sequences the"
                    + " \"alternatives\", with --align which word comes from which; \"unknown_scripts\" where a text is written in"
                    + " letters that the model never learned. An empty line stays empty; one that is"
                    + " longer than the model is translated in parts."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed translate --model en-kn \"my name is aj\"",
            "  echo \"The house is small.\" | heed translate --model ./opus-mt-en-de",
            "  heed translate --model ./t5-small --prefix \"translate English to German: \" --beams 4 text.txt",
            "  heed translate --model en-kn --po kn.po --out kn.translated.po"
        })
final class TranslateCommand implements Callable<Integer> {
    /// Few enough that the first results come soon, enough for full batches.
    private static final int LINES_AT_ONCE = 64;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private RequiredModelOption model = new RequiredModelOption();

    @Mixin
    private DecodingOptions decoding = new DecodingOptions();

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Put before every text: what T5 is told to do, or a target language such as \">>fra<< \".")
    private String prefix = "";

    @Option(names = "--format", paramLabel = "jsonl|text", description = "Default: text on a terminal, else jsonl")
    private Rewritten.@Nullable Format format;

    @Option(
            names = "--align",
            description = "With each translation, which word of the source each of its words is from.")
    private boolean align;

    @Option(
            names = "--po",
            paramLabel = "FILE",
            description =
                    "Fill the gaps of a catalogue of gettext; what is filled in is flagged as fuzzy. Needs --out.")
    private @Nullable Path catalogue;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the catalogue goes.")
    private @Nullable Path out;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE|TEXT",
            defaultValue = "-",
            description = "A file of texts, one a line, - for standard input, or a text with a space in it.")
    private String input = "-";

    private final ScriptNotice scripts = new ScriptNotice();

    @Override
    public Integer call() throws IOException {
        Path from = catalogue;
        if ((from == null) != (out == null)) {
            throw new ParameterException(spec.commandLine(), "--po and --out belong together");
        }
        PoFile read = from == null ? null : PoFile.read(from);
        try (Model opened = model.open(spec.commandLine().getErr())) {
            Translator translator =
                    new Translator(opened, decoding.decoding(() -> Translator.usual(opened))).prefix(prefix);
            if (read != null && out != null) {
                translate(read, translator, out);
            } else if (input.contains(" ") && !Files.exists(Path.of(input))) {
                print(translator.nBest(List.of(input)), opened);
            } else {
                translateLines(translator, opened);
            }
            scripts.tell(spec.commandLine().getErr());
        }
        return 0;
    }

    private void translateLines(Translator translator, Model opened) throws IOException {
        OptionalLong all = Audience.watchesOutput() ? OptionalLong.empty() : Lines.count(input);
        try (WorkBar bar = new WorkBar(spec.commandLine().getErr())) {
            Lines.forEachChunkWithEmpty(input, (lines, first) -> {
                for (int from = 0; from < lines.size(); from += LINES_AT_ONCE) {
                    int to = Math.min(lines.size(), from + LINES_AT_ONCE);
                    print(translator.nBest(lines.subList(from, to)), opened);
                    if (all.isPresent()) {
                        bar.at("lines", first - 1L + to, all.getAsLong());
                    }
                }
            });
        }
    }

    private void print(List<List<Translation>> translations, Model opened) {
        PrintWriter to = spec.commandLine().getOut();
        boolean asText = format == null ? Audience.watchesOutput() : format == Rewritten.Format.TEXT;
        for (List<Translation> ways : translations) {
            Set<UnicodeScript> unknown = UnknownScripts.in(ways.getFirst().source(), opened.tokenizer());
            scripts.add(unknown);
            to.println(asText ? ways.getFirst().text() : Json.line(json(ways, unknown, opened)));
        }
        to.flush();
    }

    private Map<String, Object> json(List<Translation> ways, Set<UnicodeScript> unknown, Model opened) {
        Translation best = ways.getFirst();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("source", best.source());
        line.put("translation", best.text());
        line.put("score", best.score());
        if (ways.size() > 1) {
            List<Map<String, Object>> others = new ArrayList<>();
            for (Translation other : ways.subList(1, ways.size())) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("translation", other.text());
                one.put("score", other.score());
                others.add(one);
            }
            line.put("alternatives", others);
        }
        if (align) {
            line.put(
                    "alignment",
                    best.text().isBlank()
                            ? List.of()
                            : Alignment.of(opened, best.source(), best.text()).links());
        }
        if (!unknown.isEmpty()) {
            line.put("unknown_scripts", unknown.stream().map(ScriptNotice::name).toList());
        }
        return line;
    }

    private void translate(PoFile read, Translator translator, Path target) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        PoFile filled;
        try (WorkBar bar = new WorkBar(err)) {
            int open = CatalogueTranslator.open(read);
            int[] done = new int[1];
            filled = new CatalogueTranslator(translator).translate(read, more -> {
                done[0] += more;
                bar.at("texts", done[0], open);
            });
            Files.writeString(target, filled.text(), StandardCharsets.UTF_8);
            err.println("heed: " + open + " texts translated to " + target + ", flagged as fuzzy");
        }
    }
}
