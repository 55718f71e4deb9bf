package heed.cli;

import heed.model.Model;
import heed.task.Summarizer;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "summarize",
        mixinStandardHelpOptions = true,
        description = {
            "Summarise texts, one a line.",
            "",
            "Beam search as the model's files say, unless options say otherwise. As JSON lines: \"source\","
                    + " \"summary\" and its \"score\", the log-probability over the length."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed summarize --model ./bart-large-cnn articles.txt",
            "  heed summarize --model ./t5-small --prefix \"summarize: \" --beams 4 articles.txt"
        })
final class SummarizeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private RequiredModelOption model = new RequiredModelOption();

    @Mixin
    private DecodingOptions decoding = new DecodingOptions();

    @Mixin
    private Rewritten lines = new Rewritten();

    @Override
    public Integer call() throws IOException {
        try (Model opened = model.open(spec.commandLine().getErr())) {
            Summarizer task =
                    new Summarizer(opened, decoding.decoding(() -> Summarizer.usual(opened))).prefix(lines.prefix());
            lines.print(
                    "summary",
                    spec.commandLine().getOut(),
                    texts -> task.summarize(texts).stream()
                            .map(one -> new Rewritten.Result(one.source(), one.text(), one.score()))
                            .toList());
        }
        return 0;
    }
}
