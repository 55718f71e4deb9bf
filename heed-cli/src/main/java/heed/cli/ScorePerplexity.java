package heed.cli;

import heed.model.Model;
import heed.score.Perplexity;
import heed.score.Perplexity.Result;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "perplexity",
        mixinStandardHelpOptions = true,
        description = {
            "How surprised a language model is by a text, per token, word and byte.",
            "",
            "A text longer than --context is read in windows, each --stride tokens further; every token is scored once,"
                    + " after the first window with at least context - stride tokens before it."
        },
        footerHeading = "%nExample:%n",
        footer = "  heed score perplexity --model ./gpt2 chapter.txt --context 1024 --stride 512")
final class ScorePerplexity implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private RequiredModelOption model = new RequiredModelOption();

    @Mixin
    private ScoreFormat format = new ScoreFormat();

    @Parameters(paramLabel = "FILE", description = "A text in UTF-8, or - for standard input.")
    @SuppressWarnings("NullAway.Init")
    private String file;

    @Option(names = "--context", paramLabel = "N", description = "Tokens of a window. Default: what the model takes")
    private int context;

    @Option(names = "--stride", paramLabel = "N", description = "From window to window. Default: half a window")
    private int stride;

    @Option(names = "--lines", description = "Every line is a text by itself; blank ones are passed over.")
    private boolean lines;

    @Option(
            names = "--beginning",
            description = "Put the model's beginning token first, so that the first token is scored too.")
    private boolean beginning;

    @Override
    public Integer call() throws IOException {
        String text = Lines.all(file);
        if (text.isBlank()) {
            throw new IllegalArgumentException(Lines.named(file) + " is empty");
        }
        try (Model opened = model.open(spec.commandLine().getErr())) {
            Perplexity perplexity = new Perplexity(opened, context, stride);
            Result result = lines ? ofLines(perplexity, text) : perplexity.of(text, beginning);
            print(perplexity, result);
        }
        return 0;
    }

    private Result ofLines(Perplexity perplexity, String text) {
        Result all = new Result(0, 0, 0, 0);
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                try {
                    all = all.plus(perplexity.of(line, beginning));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            Lines.named(file) + ", line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        return all;
    }

    private void print(Perplexity perplexity, Result result) {
        ScoreReport report = new ScoreReport(format, spec.commandLine().getOut(), "perplexity", 4)
                .sign("context", perplexity.context())
                .sign("stride", perplexity.stride())
                .sign("beginning", beginning ? "yes" : "no")
                .sign("tokens", result.tokens())
                .verbose(String.format(
                        Locale.ROOT,
                        "a token, %.4f a word (%d), %.4f a byte (%d), %.4f bits a byte",
                        result.perWord(),
                        result.words(),
                        result.perByte(),
                        result.bytes(),
                        result.bitsPerByte()))
                .detail("tokens", result.tokens())
                .detail("words", result.words())
                .detail("bytes", result.bytes())
                .detail("negative_log_likelihood", result.negativeLogLikelihood())
                .detail("word_perplexity", result.perWord())
                .detail("byte_perplexity", result.perByte())
                .detail("bits_per_byte", result.bitsPerByte());
        report.print(result.perToken());
    }
}
