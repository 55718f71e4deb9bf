package heed.server;

import heed.lens.AttentionSvg;
import heed.lens.HeadMapSvg;
import heed.lens.capture.AttentionStream;
import heed.lens.capture.HeadMeasures;
import heed.lens.capture.RunToken;
import heed.model.AttentionMap;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What is on the page, as a file.
final class Export {
    private Export() {}

    static void send(
            ServerRequest request, ServerResponse response, RunStore.Kept kept, AttentionStream stream, Query query) {
        String view = query.text("view").orElse("matrix");
        String format = query.text("format").orElse("json");
        byte[] file = switch (view) {
            case "matrix", "links" -> head(kept, stream, query, view, format);
            case "heads" -> heads(kept, stream, format);
            default -> throw Refusal.malformed("a view is matrix, links or heads");
        };
        response.header(
                "Content-Type",
                switch (format) {
                    case "svg" -> "image/svg+xml";
                    case "csv" -> "text/csv; charset=utf-8";
                    default -> "application/json; charset=utf-8";
                });
        response.header("Content-Disposition", "attachment; filename=\"attention-" + view + "." + format + "\"");
        Answers.send(request, response, file);
    }

    private static byte[] head(RunStore.Kept kept, AttentionStream stream, Query query, String view, String format) {
        int layer = query.number("layer");
        int head = query.number("head");
        List<String> queries = pieces(kept.run().queryTokens(stream.stack()));
        List<String> keys = pieces(kept.run().keyTokens(stream.stack()));
        float[] weights = stream.weights(layer, head, 0, stream.queries(), 0, stream.keys(), query.measure());
        float[][] rows = new float[stream.queries()][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(weights, i * stream.keys(), (i + 1) * stream.keys()));
        AttentionMap map = new AttentionMap(kept.model().name(), layer, head, queries, keys, rows);
        return switch (format) {
            case "svg" -> {
                AttentionSvg picture = new AttentionSvg(map);
                yield utf8(view.equals("links") ? picture.links() : picture.matrix());
            }
            case "json" -> {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("model", kept.modelName());
                json.put("tokens", queries);
                if (!keys.equals(queries)) {
                    json.put("key_tokens", keys);
                }
                json.put("layer", layer);
                json.put("head", head);
                json.put("weights", rows);
                yield Answers.JSON.writeValueAsBytes(json);
            }
            case "csv" -> {
                StringBuilder csv =
                        new StringBuilder("token,").append(line(keys)).append('\n');
                for (int i = 0; i < rows.length; i++) {
                    csv.append(quoted(queries.get(i)));
                    for (float weight : rows[i]) {
                        csv.append(',').append(weight);
                    }
                    csv.append('\n');
                }
                yield utf8(csv.toString());
            }
            default -> throw Refusal.malformed("a head is exported as svg, json or csv");
        };
    }

    /// All heads in small; of a text short enough for a cell to be a token, special tokens are left out as on
    /// the page.
    private static String headMap(RunStore.Kept kept, AttentionStream stream) {
        int side = HeadMapSvg.side(stream.layers() * stream.heads());
        int rows = Math.min(side, stream.queries());
        int columns = Math.min(side, stream.keys());
        float[] all = stream.greatest(rows, columns, kept.model().workers());
        int[] shownRows = shown(kept.run().queryTokens(stream.stack()), rows);
        int[] shownColumns = shown(kept.run().keyTokens(stream.stack()), columns);
        int tiles = stream.layers() * stream.heads();
        float[] weights = new float[tiles * shownRows.length * shownColumns.length];
        int at = 0;
        for (int tile = 0; tile < tiles; tile++) {
            for (int row : shownRows) {
                for (int column : shownColumns) {
                    weights[at++] = all[(tile * rows + row) * columns + column];
                }
            }
        }
        String title = kept.model().name() + ", " + AttentionStream.name(stream.stack());
        return new HeadMapSvg(title, stream.layers(), stream.heads(), shownRows.length, shownColumns.length, weights)
                .draw();
    }

    /// The cells of `count` that are no special tokens; all, where a cell is more than a token or nothing else
    /// is there.
    private static int[] shown(List<RunToken> tokens, int count) {
        int[] words = IntStream.range(0, count)
                .filter(i -> tokens.size() > count || !tokens.get(i).special())
                .toArray();
        return words.length > 0 ? words : IntStream.range(0, count).toArray();
    }

    private static byte[] heads(RunStore.Kept kept, AttentionStream stream, String format) {
        List<Map<String, Object>> rows = kept.measures().getOrDefault(stream.stack(), List.<HeadMeasures>of()).stream()
                .map(RunView::head)
                .toList();
        return switch (format) {
            case "svg" -> utf8(headMap(kept, stream));
            case "json" ->
                Answers.JSON.writeValueAsBytes(
                        Map.of("model", kept.modelName(), "stream", Query.name(stream.stack()), "heads", rows));
            case "csv" -> {
                StringBuilder csv =
                        new StringBuilder(String.join(",", rows.getFirst().keySet())).append('\n');
                for (Map<String, Object> row : rows) {
                    csv.append(row.values().stream().map(String::valueOf).collect(Collectors.joining(",")))
                            .append('\n');
                }
                yield utf8(csv.toString());
            }
            default -> throw Refusal.malformed("the heads are exported as svg, json or csv");
        };
    }

    private static List<String> pieces(List<RunToken> tokens) {
        return tokens.stream().map(RunToken::piece).toList();
    }

    private static String line(List<String> fields) {
        return fields.stream().map(Export::quoted).collect(Collectors.joining(","));
    }

    private static String quoted(String field) {
        return '"' + field.replace("\"", "\"\"") + '"';
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
