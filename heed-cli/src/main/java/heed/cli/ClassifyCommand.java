package heed.cli;

import heed.model.Model;
import heed.task.Classifier;
import heed.task.TokenClassifier;
import heed.task.TokenClassifier.Labelled;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "classify",
        mixinStandardHelpOptions = true,
        description = {
            "Sort texts, one a line, into the classes that a model was trained for.",
            "",
            "With a model for token classification every token gets a class, and neighbours of one class are joined."
        },
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
            Function<List<String>, List<Map<String, Object>>> results = results(opened);
            Lines.forEachChunk(file, (lines, firstLine) -> {
                List<Map<String, Object>> found = Lines.numbered(file, firstLine, () -> results.apply(lines));
                for (int i = 0; i < lines.size(); i++) {
                    Map<String, Object> line = new LinkedHashMap<>();
                    line.put("text", lines.get(i));
                    line.putAll(found.get(i));
                    out.println(Json.line(line));
                }
                out.flush();
            });
        }
        return 0;
    }

    /// What a line says beside its text.
    private static Function<List<String>, List<Map<String, Object>>> results(Model opened) {
        if (TokenClassifier.fits(opened)) {
            TokenClassifier classifier = new TokenClassifier(opened);
            return lines -> classifier.classify(lines).stream()
                    .map(ClassifyCommand::tokens)
                    .toList();
        }
        Classifier classifier = new Classifier(opened);
        return lines -> classifier.classify(lines).stream()
                .map(labels -> Map.<String, Object>of("labels", labels))
                .toList();
    }

    private static Map<String, Object> tokens(Labelled labelled) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "tokens",
                labelled.tokens().stream()
                        .map(token -> ordered(
                                "token", token.token(), token.label(), token.probability(), token.start(), token.end()))
                        .toList());
        fields.put(
                "entities",
                labelled.entities().stream()
                        .map(entity -> ordered(
                                "text",
                                entity.text(),
                                entity.label(),
                                entity.probability(),
                                entity.start(),
                                entity.end()))
                        .toList());
        return fields;
    }

    private static Map<String, Object> ordered(
            String what, String text, String label, double probability, int start, int end) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(what, text);
        fields.put("label", label);
        fields.put("probability", probability);
        fields.put("start", start);
        fields.put("end", end);
        return fields;
    }
}
