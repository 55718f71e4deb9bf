package heed.cli;

import heed.model.Model;
import heed.task.Classifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "classify",
        mixinStandardHelpOptions = true,
        description = "Sort texts, one a line, into the classes that a model was trained for.",
        footerHeading = "%nExample:%n",
        footer = "  echo \"what a lovely day\" | heed classify --model ./my-sentiment-model")
final class ClassifyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private RequiredModelOption model = new RequiredModelOption();

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "A file, or - for standard input.")
    private String file = "-";

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Model opened = model.open(spec.commandLine().getErr())) {
            Classifier classifier = new Classifier(opened);
            Lines.forEachChunk(file, (lines, firstLine) -> {
                List<Map<String, Double>> labels = Lines.numbered(file, firstLine, () -> classifier.classify(lines));
                for (int i = 0; i < lines.size(); i++) {
                    Map<String, Object> line = new LinkedHashMap<>();
                    line.put("text", lines.get(i));
                    line.put("labels", labels.get(i));
                    out.println(Json.line(line));
                }
                out.flush();
            });
        }
        return 0;
    }
}
