package heed.cli;

import heed.score.Bleu;
import heed.score.BleuTokenizer;
import heed.score.Chrf;
import heed.score.Measure;
import heed.score.Rouge;
import heed.score.SegmentCounts;
import heed.score.Smoothing;
import heed.score.TextMetric;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `heed score bleu|chrf|rouge`: texts beside references.
final class ScoreTexts {
    private ScoreTexts() {}

    /// The files, and what is done with any metric of texts.
    static final class Corpus {
        @Mixin
        private ScoreOptions options = new ScoreOptions();

        @Parameters(
                index = "0",
                paramLabel = "HYPOTHESES",
                description = "What the system wrote, a segment a line; a column or field as in FILE#2, FILE#field.")
        @SuppressWarnings("NullAway.Init")
        private String hypotheses;

        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "REFERENCES",
                description = "What it should have written; several files for several references.")
        private List<String> references = new ArrayList<>();

        @Option(names = "--sentences", description = "The score of every segment instead, a line each.")
        private boolean sentences;

        boolean sentences() {
            return sentences;
        }

        ScoreOptions options() {
            return options;
        }

        void score(TextMetric metric, PrintWriter out, int usualWidth) throws IOException {
            ScoreFile system = ScoreFile.read(hypotheses);
            List<List<String>> expected = references(system);
            SegmentCounts counts = metric.count(system.texts(), expected);
            ScoreReport report = new ScoreReport(options, out, metric.name(), usualWidth);
            if (sentences) {
                report.printEach(counts.scores());
                return;
            }
            report.sign("nrefs", references.size());
            metric.settings().forEach(report::sign);
            describe(report, counts);
            report.print(counts.score(), counts, baseline(metric, system, expected));
        }

        private @Nullable Measure baseline(TextMetric metric, ScoreFile system, List<List<String>> expected)
                throws IOException {
            if (options.baseline == null) {
                return null;
            }
            ScoreFile other = ScoreFile.read(options.baseline);
            other.requireSameSize(system);
            return metric.count(other.texts(), expected);
        }

        /// By segment, of all files.
        private List<List<String>> references(ScoreFile system) throws IOException {
            List<List<String>> bySegment = new ArrayList<>();
            for (int i = 0; i < system.size(); i++) {
                bySegment.add(new ArrayList<>());
            }
            for (String argument : references) {
                ScoreFile file = ScoreFile.read(argument);
                system.requireSameSize(file);
                List<String> texts = file.texts();
                for (int i = 0; i < texts.size(); i++) {
                    bySegment.get(i).add(texts.get(i));
                }
            }
            return bySegment;
        }

        private void describe(ScoreReport report, SegmentCounts counts) {
            double[] sums = counts.sums();
            if (counts.metric() instanceof Bleu bleu) {
                Bleu.Parts parts = bleu.parts(sums);
                report.verbose(parts.verbose())
                        .detail("precisions", parts.precisions())
                        .detail("brevity_penalty", parts.penalty())
                        .detail("hypothesis_length", parts.length())
                        .detail("reference_length", parts.referenceLength());
            } else if (counts.metric() instanceof Rouge rouge) {
                double precision = rouge.precision(sums);
                double recall = rouge.recall(sums);
                report.verbose("(precision " + options.number(precision, 4) + ", recall " + options.number(recall, 4)
                                + ")")
                        .detail("precision", precision)
                        .detail("recall", recall);
            }
        }
    }

    @Command(
            name = "bleu",
            mixinStandardHelpOptions = true,
            description = "BLEU of a corpus, equal to sacreBLEU's, from 0 to 100.",
            footerHeading = "%nExample:%n",
            footer = "  heed score bleu out.txt reference.txt --baseline other.txt")
    static final class BleuCommand implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        private Corpus corpus = new Corpus();

        @Option(
                names = {"--tokenize", "--tok"},
                paramLabel = "13a|intl|char|none",
                description = "How words are found. Default: 13a")
        private String tokenize = "13a";

        @Option(
                names = {"--smooth", "--smooth-method"},
                paramLabel = "exp|floor|add-k|none",
                description = "What an order without matches counts. Default: exp")
        private String smooth = "exp";

        @Option(names = "--smooth-value", paramLabel = "X", description = "Of floor (0.1) and add-k (1).")
        private double smoothValue = Double.NaN;

        @Option(
                names = {"--lowercase", "--lc"},
                description = "Capitals count as small letters.")
        private boolean lowerCase;

        @Option(
                names = "--effective-order",
                description = "Leave out orders that the hypotheses are too short for, as --sentences does.")
        private boolean effectiveOrder;

        @Option(names = "--max-order", paramLabel = "N", description = "The longest n-grams. Default: 4")
        private int order = 4;

        @Override
        public Integer call() throws IOException {
            Bleu bleu = new Bleu(
                    BleuTokenizer.named(tokenize),
                    Smoothing.named(smooth, smoothValue),
                    lowerCase,
                    effectiveOrder || corpus.sentences(),
                    order);
            corpus.score(bleu, spec.commandLine().getOut(), 2);
            return 0;
        }
    }

    @Command(
            name = "chrf",
            mixinStandardHelpOptions = true,
            description = "chrF2 or, with --word-order 2, chrF2++ of a corpus, equal to sacreBLEU's, from 0 to 100.",
            footerHeading = "%nExample:%n",
            footer = "  heed score chrf out.jsonl#translation pairs.tsv#2 --word-order 2")
    static final class ChrfCommand implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        private Corpus corpus = new Corpus();

        @Option(names = "--char-order", paramLabel = "N", description = "The longest n-grams of characters. Default: 6")
        private int characterOrder = 6;

        @Option(
                names = "--word-order",
                paramLabel = "N",
                description = "The longest n-grams of words: 2 for chrF++. Default: 0")
        private int wordOrder;

        @Option(names = "--beta", paramLabel = "N", description = "The weight of recall. Default: 2")
        private int beta = 2;

        @Option(
                names = {"--lowercase", "--lc"},
                description = "Capitals count as small letters.")
        private boolean lowerCase;

        @Option(names = "--whitespace", description = "White space is a character too.")
        private boolean whiteSpace;

        @Override
        public Integer call() throws IOException {
            Chrf chrf = new Chrf(characterOrder, wordOrder, beta, lowerCase, whiteSpace);
            corpus.score(chrf, spec.commandLine().getOut(), 2);
            return 0;
        }
    }

    @Command(
            name = "rouge",
            mixinStandardHelpOptions = true,
            description =
                    "ROUGE-1, ROUGE-2, ROUGE-L and ROUGE-Lsum of summaries, as rouge-score has them: mean F-scores"
                            + " from 0 to 1. For Lsum, sentences are lines of a text, which only a field of JSON can have.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  heed score rouge summaries.txt references.txt --kind l --words unicode",
                "  heed score rouge out.jsonl#summary gold.jsonl#summary --kind 1,2,lsum --stem"
            })
    static final class RougeCommand implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        private Corpus corpus = new Corpus();

        @Option(names = "--kind", paramLabel = "1|2|l|lsum", split = ",", description = "Default: 1,2,l")
        private List<String> kinds = List.of("1", "2", "l");

        @Option(names = "--stem", description = "Reduce English words to their stems first (Porter 1980).")
        private boolean stems;

        @Option(
                names = "--words",
                paramLabel = "ascii|unicode",
                description = "ascii: a to z and digits, as in rouge-score; unicode: of any script. Default: ascii")
        private Rouge.Words words = Rouge.Words.ASCII;

        @Override
        public Integer call() throws IOException {
            for (String kind : kinds) {
                corpus.score(
                        new Rouge(kind(kind), words, stems), spec.commandLine().getOut(), 4);
            }
            return 0;
        }

        private static Rouge.Kind kind(String name) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "1" -> Rouge.Kind.ROUGE_1;
                case "2" -> Rouge.Kind.ROUGE_2;
                case "l" -> Rouge.Kind.ROUGE_L;
                case "lsum" -> Rouge.Kind.ROUGE_LSUM;
                default -> throw new IllegalArgumentException("there is no ROUGE-" + name + ": it is 1, 2, l or lsum");
            };
        }
    }
}
