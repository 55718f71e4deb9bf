package heed.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What commands have in common that read texts, one a line, and write another text for each.
final class Rewritten {
    /// Few enough that the first results come soon, enough for full batches.
    private static final int LINES_AT_ONCE = 64;

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Put before every line: what T5 is told to do, or a target language such as \">>fra<< \".")
    private String prefix = "";

    @Option(names = "--format", paramLabel = "jsonl|text", description = "Default: text on a terminal, else jsonl")
    private @Nullable Format format;

    enum Format {
        JSONL,
        TEXT
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "A file of texts, one a line, or - for standard input.")
    private String file = "-";

    /// One line in, one out.
    record Result(String source, String text, double score) {}

    String prefix() {
        return prefix;
    }

    /// @param key of the written text in JSON
    void print(String key, PrintWriter out, Function<List<String>, List<Result>> work) throws IOException {
        boolean asText = format == null ? Audience.watchesOutput() : format == Format.TEXT;
        Lines.forEachChunk(file, (lines, firstLine) -> {
            for (int from = 0; from < lines.size(); from += LINES_AT_ONCE) {
                List<String> some = lines.subList(from, Math.min(lines.size(), from + LINES_AT_ONCE));
                for (Result one : Lines.numbered(file, firstLine + from, () -> work.apply(some))) {
                    out.println(asText ? one.text : json(key, one));
                }
                out.flush();
            }
        });
    }

    private static String json(String key, Result one) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("source", one.source);
        line.put(key, one.text);
        line.put("score", one.score);
        return Json.line(line);
    }
}
