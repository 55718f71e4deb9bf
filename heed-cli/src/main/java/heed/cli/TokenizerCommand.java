package heed.cli;

import heed.text.TokenizerException;
import heed.text.TokenizerRecipe;
import heed.text.TokenizerRecipe.Kind;
import heed.text.TokenizerRecipe.Normalization;
import heed.text.TokenizerTrainer;
import heed.text.TrainedTokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "tokenizer",
        mixinStandardHelpOptions = true,
        description = "Learn a tokenizer from texts.",
        footerHeading = "%nExample:%n",
        footer = "  heed tokenizer train --type unigram --vocab 8000 --out joint pairs.tsv#1 pairs.tsv#2",
        subcommands = TokenizerCommand.Train.class)
final class TokenizerCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    enum Type {
        BPE,
        UNIGRAM
    }

    enum Level {
        BYTE,
        CHARACTER
    }

    @Command(
            name = "train",
            mixinStandardHelpOptions = true,
            description = {
                "Learn which pieces words are made of, and write a tokenizer.json that Hugging Face's tokenizers loads.",
                "",
                "Texts come one a line; a FILE may name a column or a field as in pairs.tsv#2 or out.jsonl#text."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  heed tokenizer train --type bpe --vocab 8000 --out tokens book.txt",
                "  heed tokenizer train --type unigram --vocab 8000 --frame \"A </s>\" --out joint pairs.tsv#1 pairs.tsv#2"
            })
    static final class Train implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Parameters(arity = "1..*", paramLabel = "FILE", description = "Texts, or - for standard input.")
        private List<String> files = new ArrayList<>();

        @Option(
                names = "--type",
                required = true,
                paramLabel = "bpe|unigram",
                description = "Byte-pair encoding, or the unigram model.")
        @SuppressWarnings("NullAway.Init")
        private Type type;

        @Option(names = "--vocab", required = true, paramLabel = "N", description = "Tokens, special ones included.")
        private int vocabulary;

        @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder that is written to.")
        @SuppressWarnings("NullAway.Init")
        private Path out;

        @Option(names = "--force", description = "Write over a tokenizer that is there.")
        private boolean force;

        @Option(
                names = "--level",
                paramLabel = "byte|character",
                description = "Of bpe: bytes spell any text as it is; characters need words apart. Default: byte")
        private @Nullable Level level;

        @Option(
                names = "--normalize",
                paramLabel = "none|nfc|nfkc",
                description = "Unicode's normal form of texts; ZWJ and ZWNJ stay. Default: none for bytes, else nfc")
        private @Nullable Normalization normalization;

        @Option(
                names = "--min-frequency",
                paramLabel = "N",
                description = "Of bpe: pairs that come less often are not merged. Default: 2")
        private int minFrequency = 2;

        @Option(
                names = "--coverage",
                paramLabel = "P",
                description = "The share of all characters that get tokens; the rarest others are unknown, or bytes."
                        + " Default: 1")
        private double coverage = 1;

        @Option(
                names = "--byte-fallback",
                description = "Spell what has no token in 256 tokens for bytes, instead of as <unk>.")
        private boolean byteFallback;

        @Option(
                names = "--special",
                split = ",",
                paramLabel = "TOKEN,…",
                description = "Special tokens, in the order of their ids. Default: <unk>,<s>,</s>,<pad>; for bytes"
                        + " <|endoftext|>")
        private @Nullable List<String> special;

        @Option(
                names = "--frame",
                paramLabel = "TOKENS",
                description = "What is put around a text, which is A: as in \"<s> A </s>\". Default: nothing")
        private String frame = "";

        @Override
        public Integer call() throws IOException {
            if (type == Type.UNIGRAM && level != null) {
                throw new ParameterException(spec.commandLine(), "--level is for --type bpe; unigram takes characters");
            }
            if (Files.exists(out.resolve("tokenizer.json")) && !force) {
                throw new TokenizerException(out + " has a tokenizer.json already: choose another --out, or --force");
            }
            TokenizerRecipe recipe = recipe();
            TokenizerTrainer trainer = new TokenizerTrainer(recipe);
            PrintWriter err = spec.commandLine().getErr();
            TrainedTokenizer trained;
            try (WorkBar bar = new WorkBar(err)) {
                read(trainer, recipe.kind() == Kind.BYTE_BPE ? "\n" : "");
                trained = trainer.learn(bar);
            }
            trained.write(out);
            err.println(String.format(
                    Locale.ROOT,
                    "heed: %,d tokens from %,d different words are in %s%s",
                    trained.size(),
                    trainer.words(),
                    out,
                    trained.size() < vocabulary ? "; the texts have no more to learn" : ""));
            return 0;
        }

        private TokenizerRecipe recipe() {
            Kind kind =
                    type == Type.UNIGRAM ? Kind.UNIGRAM : level == Level.CHARACTER ? Kind.CHARACTER_BPE : Kind.BYTE_BPE;
            TokenizerRecipe usual = TokenizerRecipe.of(kind, vocabulary);
            return new TokenizerRecipe(
                    kind,
                    vocabulary,
                    minFrequency,
                    coverage,
                    normalization == null ? usual.normalization() : normalization,
                    byteFallback,
                    special == null ? usual.specialTokens() : special,
                    Arrays.stream(frame.strip().split("\\s+"))
                            .filter(token -> !token.isEmpty())
                            .toList());
        }

        private void read(TokenizerTrainer trainer, String lineEnd) throws IOException {
            for (String file : files) {
                if (file.contains("#") && !Files.exists(Path.of(file))) {
                    ScoreFile.read(file).texts().forEach(text -> trainer.add(text + lineEnd));
                } else {
                    Lines.forEach(file, line -> trainer.add(line + lineEnd));
                }
            }
        }
    }
}
