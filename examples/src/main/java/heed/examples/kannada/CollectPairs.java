package heed.examples.kannada;

import heed.corpus.PairCleaning;
import heed.corpus.PairSplit;
import heed.corpus.ReservedPairs;
import heed.corpus.TextPair;
import java.io.IOException;
import java.io.Writer;
import java.lang.Character.UnicodeScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Makes the corpus: strings of packages, cleaned, without what is reserved, in parts that share nothing; and
/// the sentences that were written for it.
///
/// usage: `CollectPairs LANGUAGE TABLES PACKAGES OUT`, where `LANGUAGE` is `kannada` or `german`, `TABLES` is
/// `examples/kannada` or `examples/german`, `PACKAGES` what `fetch.sh` made, and `OUT` gets `train.tsv`,
/// `dev.tsv`, `test.tsv`, `cases.tsv`, and in `sources.tsv` the packages with their licences
public final class CollectPairs {
    private static final int HELD = 1000;

    private enum Language {
        KANNADA("kn", UnicodeScript.KANNADA),
        GERMAN("de", UnicodeScript.LATIN);

        private final String code;
        private final UnicodeScript script;

        Language(String code, UnicodeScript script) {
            this.code = code;
            this.script = script;
        }
    }

    private CollectPairs() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            System.err.println("usage: CollectPairs kannada|german TABLES PACKAGES OUT");
            System.exit(2);
        }
        Language language = Language.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        Path tables = Path.of(arguments[1]);
        Path packages = Path.of(arguments[2]);
        Path out = Files.createDirectories(Path.of(arguments[3]));
        List<TextPair> raw = new PackageStrings(packages, language.code).read();
        ReservedPairs reserved = ReservedPairs.read(tables.resolve("reserved.sha256"), "en", language.code);
        PairCleaning cleaning = new PairCleaning(PairCleaning.Rules.of(language.script));
        List<TextPair> clean =
                raw.stream().map(cleaning::clean).flatMap(Optional::stream).toList();
        List<TextPair> free =
                clean.stream().filter(pair -> !reserved.have(pair)).toList();
        PairSplit split = PairSplit.of(free, HELD, HELD);
        List<TextPair> sentences = List.of();
        if (language == Language.KANNADA) {
            WrittenSentences written = new WrittenSentences(tables, words(split.train()));
            sentences = written.train();
            List<TextPair> cases = written.cases().stream()
                    .map(one -> new TextPair(one.pair().source(), one.pair().target(), one.kind()))
                    .toList();
            write(out.resolve("cases.tsv"), language, cases, List.of());
        }
        write(out.resolve("train.tsv"), language, split.train(), sentences);
        write(out.resolve("dev.tsv"), language, split.validation(), List.of());
        write(out.resolve("test.tsv"), language, split.test(), List.of());
        Map<String, Integer> origins = new TreeMap<>();
        split.train().forEach(pair -> origins.merge(pair.origin(), 1, Integer::sum));
        System.out.println("strings " + raw.size() + ", left out " + new TreeMap<>(cleaning.dropped()) + ", reserved "
                + (clean.size() - free.size()));
        System.out.println("train " + split.train().size() + " and " + sentences.size() + " written, dev "
                + split.validation().size() + ", test " + split.test().size());
        writeSources(out.resolve("sources.tsv"), packages, origins);
    }

    /// What a model that learns from the corpus has learned from.
    private static void writeSources(Path file, Path packages, Map<String, Integer> origins) throws IOException {
        StringBuilder table = new StringBuilder("package\tpairs\tlicences\n");
        for (Map.Entry<String, Integer> origin : origins.entrySet()) {
            Path folder =
                    packages.resolve(origin.getKey().replaceFirst("^@", "").replace('/', '-'));
            table.append(origin.getKey())
                    .append('\t')
                    .append(origin.getValue())
                    .append('\t')
                    .append(String.join(", ", Licences.of(folder)))
                    .append('\n');
        }
        Files.writeString(file, table);
    }

    private static Set<String> words(List<TextPair> pairs) {
        Set<String> words = new HashSet<>();
        pairs.forEach(pair ->
                words.addAll(List.of(pair.source().toLowerCase(Locale.ROOT).split("[^a-z]+"))));
        return words;
    }

    private static void write(Path file, Language language, List<TextPair> pairs, List<TextPair> more)
            throws IOException {
        try (Writer to = Files.newBufferedWriter(file)) {
            to.write("english\t" + language.name().toLowerCase(Locale.ROOT) + "\torigin\n");
            for (List<TextPair> list : List.of(pairs, more)) {
                for (TextPair pair : list) {
                    to.write(pair.source() + "\t" + pair.target() + "\t" + pair.origin() + "\n");
                }
            }
        }
    }
}
