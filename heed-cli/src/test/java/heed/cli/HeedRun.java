package heed.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One call of the command, as a shell sees it.
///
/// @param status what it exits with
/// @param out what it writes to standard output
/// @param err what it writes to standard error
public record HeedRun(int status, String out, String err) {
    public static HeedRun heed(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Heed.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new HeedRun(status, out.toString(), err.toString());
    }

    /// Standard output as one document.
    JsonNode json() {
        return JsonMapper.shared().readTree(out);
    }

    /// Standard output as lines of JSON.
    List<JsonNode> lines() {
        return out.lines().map(JsonMapper.shared()::readTree).toList();
    }
}
