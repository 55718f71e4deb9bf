package heed.cli.bench;

import heed.hub.Progress;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/// Where a measurement goes: results as JSON lines to standard output as soon as they are there, notes and
/// tables for people to standard error.
record Console(PrintWriter out, PrintWriter err) implements Progress {
    static Console of(CommandSpec spec) {
        return new Console(spec.commandLine().getOut(), spec.commandLine().getErr());
    }

    void print(Map<String, ?> line) {
        out.println(JsonMapper.shared().writeValueAsString(line));
        out.flush();
    }

    void note(String text) {
        err.println(text);
        err.flush();
    }

    @Override
    public void start(String what, long bytes) {
        note("heed: " + what);
    }

    @Override
    public void advance(long bytes) {}

    @Override
    public void done() {}
}
