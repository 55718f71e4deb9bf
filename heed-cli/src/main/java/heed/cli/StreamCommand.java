package heed.cli;

import heed.cli.options.Streams;
import heed.model.Model;
import heed.moderation.Action;
import heed.moderation.Policy;
import heed.moderation.stream.StreamEngine;
import heed.moderation.stream.StreamSettings;
import heed.moderation.stream.StreamTally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "stream",
        mixinStandardHelpOptions = true,
        description = {
            "Judge a stream of comments on Flink, in this process: each id once, none lost and none decided twice"
                    + " whatever fails (docs/streaming.md).",
            "",
            "Comments are lines of a file, of all files of a folder, or messages of a Kafka topic: texts, or in files"
                    + " that end in .jsonl and in topics {\"id\", \"text\", \"language\"}. What cannot be judged goes to"
                    + " the dead letters with the reason. At the end a line of JSON tells what came of it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed moderate stream --model ./my-model --policy policy.yaml --in comments.jsonl --out judged",
            "  heed moderate stream --model ./my-model --policy policy.yaml --in comments.jsonl --out judged --resume",
            "  heed moderate stream --model ./my-model --policy policy.yaml --in kafka://localhost:9092/comments"
                    + " --out kafka://localhost:9092/decisions --checkpoints checkpoints"
        })
final class StreamCommand implements Callable<Integer> {
    private static final String KAFKA = "kafka://";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private RequiredModelOption model = new RequiredModelOption();

    @Option(names = "--policy", required = true, paramLabel = "FILE", description = "Thresholds, in YAML.")
    @SuppressWarnings("NullAway.Init")
    private Path policy;

    @Mixin
    private ModerateCommand.CalibrationOption calibration = new ModerateCommand.CalibrationOption();

    @Option(
            names = "--in",
            required = true,
            paramLabel = "FILE|FOLDER|kafka://HOST:PORT/TOPIC",
            description = "Where comments come from.")
    @SuppressWarnings("NullAway.Init")
    private String in;

    @Option(names = "--jsonl", description = "Each line is JSON, whatever its file is called.")
    private boolean json;

    @Option(
            names = "--follow",
            negatable = true,
            description = "Go on with files that are put into the folder later, and with messages that come later."
                    + " Default: for topics, not for files")
    private @Nullable Boolean follow;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER|kafka://HOST:PORT/TOPIC",
            description = "Where decisions go: to files in FOLDER/decisions, or to a topic.")
    @SuppressWarnings("NullAway.Init")
    private String out;

    @Option(
            names = "--dead-letters",
            paramLabel = "FOLDER|kafka://HOST:PORT/TOPIC",
            description = "Where goes what cannot be judged. Default: FOLDER/dead-letters, or the topic with"
                    + " -dead-letters at its end")
    private @Nullable String deadLetters;

    @Option(
            names = "--checkpoints",
            paramLabel = "FOLDER",
            description = "Where is kept how far the stream has come. Default: FOLDER/checkpoints of --out")
    private @Nullable Path checkpoints;

    @Option(names = "--resume", description = "Go on from the last checkpoint.")
    private boolean resume;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Messages can be read after the next checkpoint; files too, once they are a minute old or"
                    + " the stream has ended. Default: 10")
    private double checkpointEvery;

    @Option(
            names = "--remember",
            paramLabel = "HOURS",
            defaultValue = "24",
            description = "An id that comes again within that time is not decided again. Default: 24")
    private long remember;

    @Option(names = "--ordered", description = "Decisions in the order of the comments.")
    private boolean ordered;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            defaultValue = "1",
            description = "Readers and writers; the model is one for all. Default: 1")
    private int parallelism;

    @Option(
            names = "--batch-tokens",
            paramLabel = "N",
            defaultValue = "1024",
            description = "The most tokens of a batch; a longer comment is a batch of its own. Default: 1024")
    private int batchTokens;

    @Option(
            names = "--batch-wait",
            paramLabel = "MS",
            defaultValue = "5",
            description = "How long a comment waits for others to share a batch with. Default: 5")
    private long batchWait;

    @Override
    public Integer call() throws IOException {
        StreamEngine engine = Streams.engine();
        StreamSettings settings = settings();
        try (Model opened = model.open(spec.commandLine().getErr())) {
            Policy.parse(settings.judging().policy(), String.valueOf(policy.getFileName()))
                    .requireLabels(calibration.scorer(opened, policy).labels());
            long start = System.nanoTime();
            try (Interruption interruption = Interruption.watch()) {
                StreamTally tally;
                try (StreamProgress progress =
                        new StreamProgress(spec.commandLine().getErr(), interruption)) {
                    tally = engine.run(settings, opened, progress);
                }
                tell(tally, Duration.ofNanos(System.nanoTime() - start), interruption.requested());
            }
        }
        return 0;
    }

    private StreamSettings settings() throws IOException {
        Path calibrations = calibration.chosen(policy);
        String place = place(out);
        StreamSettings.Judging judging = new StreamSettings.Judging(
                model.model,
                model.weights().dtype(),
                model.weights().engine(),
                Files.readString(policy),
                calibrations == null ? null : Files.readString(calibrations),
                batchTokens,
                Duration.ofMillis(batchWait));
        StreamSettings.Route route = new StreamSettings.Route(
                source(),
                json,
                follow == null ? in.startsWith(KAFKA) : follow,
                place,
                deadLetters == null ? StreamSettings.Route.deadLettersOf(place) : place(deadLetters));
        StreamSettings.Keeping keeping = new StreamSettings.Keeping(
                checkpoints(place).toString(),
                resume,
                Duration.ofMillis(Math.round(1000 * checkpointEvery)),
                Duration.ofHours(remember));
        return new StreamSettings(judging, route, keeping, parallelism, ordered);
    }

    private String source() {
        if (!in.startsWith(KAFKA) && !Files.exists(Path.of(in))) {
            throw new IllegalArgumentException("there is no file or folder " + in);
        }
        return place(in);
    }

    private static String place(String name) {
        return name.startsWith(KAFKA)
                ? name
                : Path.of(name).toAbsolutePath().normalize().toString();
    }

    private Path checkpoints(String place) {
        Path folder = checkpoints;
        if (folder == null && place.startsWith(KAFKA)) {
            throw new ParameterException(spec.commandLine(), "--checkpoints FOLDER is needed where --out is no folder");
        }
        return (folder == null ? Path.of(place, "checkpoints") : folder)
                .toAbsolutePath()
                .normalize();
    }

    private void tell(StreamTally tally, Duration time, boolean stopped) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("comments", tally.comments());
        for (Action action : Action.values()) {
            line.put(action.word(), tally.of(action));
        }
        line.put("dead_letters", tally.deadLetters());
        line.put("repeated", tally.repeated());
        line.put("seconds", Math.round(time.toMillis() / 10.0) / 100.0);
        line.put("comments_per_s", Math.round(tally.commentsPerSecond()));
        line.put("tokens_per_s", Math.round(tally.tokensPerSecond()));
        spec.commandLine().getOut().println(Json.line(line));
        spec.commandLine().getOut().flush();
        if (stopped) {
            spec.commandLine().getErr().println("heed: stopped; go on with --resume");
        }
    }
}
