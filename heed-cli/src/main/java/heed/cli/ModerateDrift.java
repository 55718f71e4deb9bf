package heed.cli;

import heed.moderation.drift.LogDrift;
import heed.moderation.drift.Reference;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "drift",
        mixinStandardHelpOptions = true,
        description = {
            "How far the latest decisions of a log are from the comments that thresholds were chosen on, and how often"
                    + " people decided otherwise: a line of JSON.",
            "",
            "`stability` is the population stability index of each label's scores: below 0.1 is usually taken as no"
                    + " change, above 0.25 as a great one."
        },
        footerHeading = "%nExample:%n",
        footer = "  heed moderate drift --log audit.jsonl --reference policy/reference.json")
final class ModerateDrift implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--log",
            required = true,
            paramLabel = "FILE",
            description = "As `run --log` wrote it, or the folder that `stream --out` wrote.")
    private Path log = Path.of("");

    @Option(names = "--reference", required = true, paramLabel = "FILE", description = "As `tune` wrote it.")
    private Path reference = Path.of("");

    @Option(
            names = "--latest",
            paramLabel = "N",
            description = "How many decisions, from the end of the log. Default: 10000")
    private int latest = 10_000;

    @Override
    public Integer call() {
        if (latest < 1) {
            throw new IllegalArgumentException("--latest is at least 1, not " + latest);
        }
        LogDrift drift = LogDrift.of(log, Reference.read(reference), latest);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("decided", drift.decided());
        line.put("stability", drift.stability());
        line.put("review_share", drift.reviewed());
        line.put("block_share", drift.blocked());
        line.put("judged_by_people", drift.judged());
        line.put("overturned", drift.overturned());
        line.put("overturn_share", share(drift));
        line.put("languages", drift.languages());
        spec.commandLine().getOut().println(Json.line(line));
        return 0;
    }

    private static @Nullable Double share(LogDrift drift) {
        return drift.judged() == 0 ? null : (Double) ((double) drift.overturned() / drift.judged());
    }
}
