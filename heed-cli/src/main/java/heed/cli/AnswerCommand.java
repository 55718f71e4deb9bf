package heed.cli;

import heed.model.Model;
import heed.task.AnswerOptions;
import heed.task.QuestionAnswerer;
import heed.task.QuestionAnswerer.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "answer",
        mixinStandardHelpOptions = true,
        description = {
            "Find the answer to a question in a text.",
            "",
            "The answer is a stretch of the text. A long text is read in windows that overlap."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed answer --model ./my-squad-model --question \"Who wrote it?\" --context book.txt",
            "  heed answer --model ./my-squad2-model --question \"Who?\" --context \"It was written in May.\" --or-none"
        })
final class AnswerCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private RequiredModelOption model = new RequiredModelOption();

    @Option(
            names = {"-q", "--question"},
            paramLabel = "TEXT",
            required = true,
            description = "The question.")
    @SuppressWarnings("NullAway.Init")
    private String question;

    @Option(
            names = {"-c", "--context"},
            paramLabel = "FILE|TEXT",
            defaultValue = "-",
            description =
                    "Where the answer is looked for: a file, the text itself, or - for standard input, the default.")
    private String context = "-";

    @Option(names = "--top", paramLabel = "N", defaultValue = "1", description = "How many answers. Default: 1")
    private int top = 1;

    @Option(
            names = "--or-none",
            description = "Give no answer where that is the most probable; for models that were trained for it.")
    private boolean orNone;

    @Option(
            names = "--max-answer-tokens",
            paramLabel = "N",
            defaultValue = "15",
            description = "The longest answer. Default: 15")
    private int maxAnswerTokens = 15;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "384",
            description = "The most tokens of question and text that are read at once. Default: 384")
    private int window = 384;

    @Option(
            names = "--overlap",
            paramLabel = "N",
            defaultValue = "128",
            description = "The tokens that two windows share. Default: 128")
    private int overlap = 128;

    @Option(names = "--format", paramLabel = "text|json", defaultValue = "text", description = "Default: text")
    private Format format = Format.TEXT;

    private enum Format {
        TEXT,
        JSON
    }

    @Override
    public Integer call() throws IOException {
        AnswerOptions options = AnswerOptions.defaults()
                .withMaxTokens(window)
                .withOverlap(overlap)
                .withMaxAnswerTokens(maxAnswerTokens)
                .orNone(orNone);
        String text = text();
        PrintWriter out = spec.commandLine().getOut();
        try (Model opened = model.open(spec.commandLine().getErr())) {
            List<Answer> answers = new QuestionAnswerer(opened, options).answers(question, text, top);
            if (format == Format.JSON) {
                out.println(Json.line(answers.stream().map(AnswerCommand::json).toList()));
            } else {
                for (Answer answer : answers) {
                    String words = answer.none()
                            ? "(no answer)"
                            : answer.text().strip().replaceAll("\\s+", " ");
                    out.println(String.format(Locale.ROOT, "%6.3f  %s", answer.score(), words));
                }
            }
        }
        return 0;
    }

    private String text() throws IOException {
        if (context.equals("-")) {
            return Lines.all(context);
        }
        try {
            return Files.isRegularFile(Path.of(context)) ? Lines.all(context) : context;
        } catch (InvalidPathException _) { // then it is a text for sure
            return context;
        }
    }

    private static Map<String, Object> json(Answer answer) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("answer", answer.text());
        fields.put("score", answer.score());
        fields.put("start", answer.start());
        fields.put("end", answer.end());
        return fields;
    }
}
