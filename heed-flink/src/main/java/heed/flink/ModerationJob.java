package heed.flink;

import heed.kernel.WeightType;
import heed.moderation.ModerationException;
import heed.moderation.stream.StreamSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ParameterTool;
import org.jspecify.annotations.Nullable;

/// The job as a cluster runs it, with the options of `heed moderate stream`:
///
/// ```text
/// flink run -c heed.flink.ModerationJob heed-flink.jar --model M --policy FILE --in kafka://… --out kafka://…
/// ```
///
/// Where checkpoints are kept, how a job restarts and what it goes on from are the cluster's settings.
public final class ModerationJob {
    private static final Set<String> KNOWN = Set.of(
            "model",
            "dtype",
            "engine",
            "policy",
            "calibration",
            "in",
            "jsonl",
            "follow",
            "out",
            "dead-letters",
            "checkpoints",
            "checkpoint-every",
            "remember",
            "ordered",
            "batch-tokens",
            "batch-wait");

    private ModerationJob() {}

    /// @throws ModerationException when an option is missing, unknown or makes no sense
    public static void main(String[] arguments) throws Exception {
        StreamSettings settings = settings(arguments);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.configure(Topology.configuration(settings));
        Topology.build(environment, settings);
        environment.execute("heed moderate stream");
    }

    static StreamSettings settings(String... arguments) throws IOException {
        ParameterTool options = ParameterTool.fromArgs(arguments);
        Set<String> unknown = new TreeSet<>(options.toMap().keySet());
        unknown.removeAll(KNOWN);
        if (!unknown.isEmpty()) {
            throw new ModerationException("unknown options: --" + String.join(", --", unknown));
        }
        String in = required(options, "in");
        String out = required(options, "out");
        StreamSettings.Judging judging = new StreamSettings.Judging(
                required(options, "model"),
                WeightType.of(options.get("dtype", "f32")),
                options.get("engine"),
                Files.readString(Path.of(required(options, "policy"))),
                calibrations(options),
                options.getInt("batch-tokens", StreamSettings.Judging.USUAL_BATCH_TOKENS),
                Duration.ofMillis(options.getLong("batch-wait", StreamSettings.Judging.USUAL_BATCH_WAIT.toMillis())));
        StreamSettings.Route route = new StreamSettings.Route(
                in,
                flag(options, "jsonl", false),
                flag(options, "follow", in.startsWith(KafkaPlace.SCHEME)),
                out,
                options.get("dead-letters", StreamSettings.Route.deadLettersOf(out)));
        StreamSettings.Keeping keeping = new StreamSettings.Keeping(
                options.get("checkpoints"),
                false,
                Duration.ofMillis(Math.round(1000
                        * options.getDouble("checkpoint-every", StreamSettings.Keeping.USUAL_EVERY.toMillis() / 1e3))),
                Duration.ofHours(options.getLong("remember", StreamSettings.Keeping.USUAL_REMEMBER.toHours())));
        return new StreamSettings(judging, route, keeping, 0, flag(options, "ordered", false));
    }

    private static String required(ParameterTool options, String name) {
        String value = options.get(name);
        if (value == null || value.isBlank()) {
            throw new ModerationException("the option --" + name + " is missing");
        }
        return value;
    }

    private static @Nullable String calibrations(ParameterTool options) throws IOException {
        String file = options.get("calibration");
        return file == null ? null : Files.readString(Path.of(file));
    }

    /// An option without a value is true.
    private static boolean flag(ParameterTool options, String name, boolean usual) {
        String value = options.has(name) ? options.toMap().get(name) : String.valueOf(usual);
        return "__NO_VALUE_KEY".equals(value) || Boolean.parseBoolean(value);
    }
}
