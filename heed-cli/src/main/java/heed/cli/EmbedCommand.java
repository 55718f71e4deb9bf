package heed.cli;

import heed.model.Model;
import heed.task.EmbedOptions;
import heed.task.Embedder;
import heed.task.Pooling;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        description = "Turn texts, one a line, into vectors whose directions tell how alike they are.",
        footerHeading = "%nExample:%n",
        footer = {
            "  echo \"A man is eating food.\" | heed embed",
            "  heed embed --model bge-small-en-v1.5 texts.txt > vectors.jsonl"
        })
final class EmbedCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = "--pooling",
            paramLabel = "mean|cls",
            description = "How token vectors become one. Default: as the model's files say, else mean.")
    private @Nullable Pooling pooling;

    @Option(names = "--no-normalize", description = "Keep the length of the vectors instead of scaling it to 1.")
    private boolean unscaled;

    @Option(
            names = "--truncate",
            paramLabel = "TOKENS",
            arity = "0..1",
            fallbackValue = "2147483647",
            description = "Cut longer texts to so many tokens (to what the model takes, without a number) instead of"
                    + " refusing them.")
    private int truncateTo;

    @Option(
            names = "--format",
            paramLabel = "jsonl|tsv",
            defaultValue = "jsonl",
            description = "jsonl: {\"text\", \"embedding\"} a line; tsv: the numbers alone, with tabs. Default: jsonl")
    private Format format = Format.JSONL;

    private enum Format {
        JSONL,
        TSV
    }

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
            Embedder standard = new Embedder(opened);
            EmbedOptions options = standard.options().truncateTo(truncateTo);
            options = pooling == null ? options : options.pooling(pooling);
            Embedder embedder = new Embedder(opened, unscaled ? options.normalize(false) : options);
            Lines.forEachChunk(file, (lines, firstLine) -> {
                List<float[]> vectors = Lines.numbered(file, firstLine, () -> embedder.embed(lines));
                for (int i = 0; i < lines.size(); i++) {
                    out.println(format == Format.TSV ? tsv(vectors.get(i)) : json(lines.get(i), vectors.get(i)));
                }
                out.flush();
            });
        }
        return 0;
    }

    private static String json(String text, float[] vector) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("text", text);
        line.put("embedding", vector);
        return Json.line(line);
    }

    private static String tsv(float[] vector) {
        StringJoiner joined = new StringJoiner("\t");
        for (float value : vector) {
            joined.add(Float.toString(value));
        }
        return joined.toString();
    }
}
