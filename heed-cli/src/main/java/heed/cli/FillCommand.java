package heed.cli;

import heed.model.Model;
import heed.task.Candidate;
import heed.task.FillMask;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "fill",
        mixinStandardHelpOptions = true,
        description = {
            "Predict the word behind a mask: [MASK] for BERT and most others, <mask> for RoBERTa and XLM-R.",
            "",
            "A text that ends in the mask gets a full stop, and a note says so: without one, a model predicts the full stop"
                    + " itself (0.72 for \"the capital of france is [MASK]\"). --as-is leaves the text alone."
        },
        footerHeading = "%nExample:%n",
        footer = "  heed fill --model bert-base-uncased \"the capital of france is [MASK].\" --top 3")
final class FillCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private RequiredModelOption model = new RequiredModelOption();

    @Option(names = "--top", paramLabel = "N", defaultValue = "5", description = "How many words. Default: 5")
    private int top = 5;

    @Option(names = "--as-is", description = "Add no full stop to a text that ends in the mask.")
    private boolean asIs;

    @Option(names = "--format", paramLabel = "text|json", defaultValue = "text", description = "Default: text")
    private Format format = Format.TEXT;

    private enum Format {
        TEXT,
        JSON
    }

    @Parameters(paramLabel = "TEXT", description = "A text with the mask where a word is to be found.")
    @SuppressWarnings("NullAway.Init")
    private String text;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Model opened = model.open(spec.commandLine().getErr())) {
            FillMask fillMask = new FillMask(opened);
            List<List<Candidate>> masks =
                    fillMask.fill(completed(opened.tokenizer().maskToken().orElse("[MASK]")), top);
            if (format == Format.JSON) {
                List<List<Map<String, Object>>> json =
                        masks.stream().map(FillCommand::json).toList();
                out.println(Json.line(json.size() == 1 ? json.getFirst() : json));
            } else {
                for (int m = 0; m < masks.size(); m++) {
                    if (masks.size() > 1) {
                        out.println("mask " + (m + 1));
                    }
                    for (Candidate candidate : masks.get(m)) {
                        out.println(
                                String.format(Locale.ROOT, "%6.3f  %s", candidate.probability(), candidate.token()));
                    }
                }
            }
        }
        return 0;
    }

    private String completed(String mask) {
        if (asIs || !text.strip().endsWith(mask)) {
            return text;
        }
        spec.commandLine()
                .getErr()
                .println("heed: added a full stop after " + mask
                        + ", where a model would predict one (--as-is leaves it out)");
        return text.strip() + ".";
    }

    private static List<Map<String, Object>> json(List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    fields.put("token", candidate.token());
                    fields.put("probability", candidate.probability());
                    return fields;
                })
                .toList();
    }
}
