package heed.cli;

import heed.model.Model;
import heed.task.Translator;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "translate",
        mixinStandardHelpOptions = true,
        description = {
            "Translate texts, one sentence a line.",
            "",
            "Beam search as the model's files say, unless options say otherwise. As JSON lines: \"source\","
                    + " \"translation\" and its \"score\", the log-probability over the length."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  echo \"The house is small.\" | heed translate --model ./opus-mt-en-de",
            "  heed translate --model ./t5-small --prefix \"translate English to German: \" --beams 4 text.txt"
        })
final class TranslateCommand implements Callable<Integer> {
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
            Translator task =
                    new Translator(opened, decoding.decoding(() -> Translator.usual(opened))).prefix(lines.prefix());
            lines.print(
                    "translation",
                    spec.commandLine().getOut(),
                    texts -> task.translate(texts).stream()
                            .map(one -> new Rewritten.Result(one.source(), one.text(), one.score()))
                            .toList());
        }
        return 0;
    }
}
