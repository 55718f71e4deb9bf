package heed.cli;

import heed.model.Model;
import heed.moderation.Action;
import heed.moderation.AuditLog;
import heed.moderation.CalibrationFile;
import heed.moderation.Evaluation;
import heed.moderation.LabelScorer;
import heed.moderation.LabelledComments;
import heed.moderation.Moderator;
import heed.moderation.Policy;
import heed.moderation.Replay;
import heed.moderation.Tuning;
import heed.moderation.drift.Reference;
import heed.score.Bootstrap;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "moderate",
        mixinStandardHelpOptions = true,
        subcommands = {ModerateBaseline.class, ModerateDrift.class, StreamCommand.class},
        description = "Judge comments by a classifier and a policy; find thresholds, measure, decide again"
                + " (docs/moderation.md).",
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed moderate tune --model ./my-model --data labelled.jsonl --out policy",
            "  heed moderate run --model ./my-model --policy policy/policy.yaml --log audit.jsonl comments.txt",
            "  heed moderate evaluate --model ./my-model --policy policy/policy.yaml --data test.jsonl --html report.html",
            "  heed moderate replay --log audit.jsonl --policy stricter.yaml",
            "  heed moderate stream --model ./my-model --policy policy/policy.yaml --in comments.jsonl --out judged"
        })
final class ModerateCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /// The calibrations beside the policy, unless another file is named.
    static final class CalibrationOption {
        @Option(
                names = "--calibration",
                paramLabel = "FILE",
                description = "Makes scores probabilities, as `tune` wrote it. Default: calibration.json beside the"
                        + " policy, if there is one")
        @Nullable
        Path file;

        @Nullable
        Path chosen(Path policy) {
            Path beside = policy.resolveSibling("calibration.json");
            return file != null ? file : Files.isRegularFile(beside) ? beside : null;
        }

        LabelScorer scorer(Model model, Path policy) {
            Path chosen = chosen(policy);
            return new LabelScorer(model, chosen == null ? Map.of() : CalibrationFile.read(chosen));
        }
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Judge comments, one a line, or with --jsonl {\"id\", \"text\", \"language\"} a line.")
    int decide(
            @Mixin RequiredModelOption model,
            @Mixin PolicyOptions policy,
            @Option(
                            names = "--log",
                            paramLabel = "FILE",
                            description = "Every decision is written here before it is printed.")
                    @Nullable
                    Path log,
            @Option(names = "--jsonl", description = "Each line is JSON.") boolean json,
            @Option(
                            names = "--explain",
                            preprocessor = Explanation.OfOneWord.class,
                            paramLabel = "occlusion|gradients",
                            description =
                                    "Which words the gravest score hangs on: by leaving each out, or by integrated"
                                            + " gradients. Without a word behind it: occlusion")
                    @Nullable
                    Explanation explain,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "FILE",
                            defaultValue = "-",
                            description = "A file, or - for standard input.")
                    String file)
            throws IOException {
        try (Model opened = model.open(spec.commandLine().getErr())) {
            PolicyOptions.InForce judged = policy.of(opened, spec);
            try (ModerationRun run = new ModerationRun(
                    new Moderator(judged.scorer(), judged::policy),
                    audit(log),
                    json,
                    explain == null ? null : explain.of(opened))) {
                run.all(file, spec.commandLine().getOut());
            }
        }
        return 0;
    }

    private static @Nullable AuditLog audit(@Nullable Path log) {
        return log == null ? null : AuditLog.open(log, InstantSource.system());
    }

    @Command(
            name = "tune",
            mixinStandardHelpOptions = true,
            description = {
                "Find calibrations and thresholds on comments of which people said what they are: lines of"
                        + " {\"text\", \"labels\": [...]}. Half of them calibrate, the other half choose.",
                "",
                "Writes policy.yaml (in shadow mode), calibration.json, and reference.json, which `drift` compares with;"
                        + " prints a line of JSON for every label."
            })
    int tune(
            @Mixin RequiredModelOption model,
            @Option(names = "--data", required = true, paramLabel = "FILE", description = "Labelled comments.")
                    Path data,
            @Mixin TuningOptions wanted,
            @Option(
                            names = "--window",
                            paramLabel = "TOKENS",
                            defaultValue = "0",
                            description = "Tokens of a long comment that are scored at once. Default: as many as the"
                                    + " model takes")
                    int window,
            @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "Where the files go.")
                    Path out)
            throws IOException {
        Tuning tuning = wanted.tuning();
        LabelledComments comments = LabelledComments.read(data);
        try (Model opened = model.open(spec.commandLine().getErr())) {
            LabelScorer scorer = new LabelScorer(opened, Map.of()).withWindow(window);
            List<Tuning.Tuned> tuned = tuning.of(comments, scorer);
            if (tuned.isEmpty()) {
                throw new IllegalArgumentException("no comment of " + data + " has a label of the model: "
                        + String.join(", ", opened.config().labels()));
            }
            tuned.forEach(one -> spec.commandLine().getOut().println(Json.line(view(one))));
            Files.createDirectories(out);
            String version = LocalDate.now(ZoneOffset.UTC).toString();
            Files.writeString(
                    out.resolve("policy.yaml"), Tuning.policy(version, window, tuned), StandardCharsets.UTF_8);
            CalibrationFile.write(out.resolve("calibration.json"), Tuning.calibrations(tuned));
            Reference.of(comments, tuned, scorer).write(out.resolve("reference.json"));
            spec.commandLine()
                    .getErr()
                    .println("heed: wrote policy.yaml, calibration.json and reference.json to " + out);
        }
        return 0;
    }

    private static Map<String, Object> view(Tuning.Tuned one) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("label", one.label());
        view.put("review_from", one.review().threshold());
        view.put("review_recall", one.review().recall());
        view.put("review_share_of_all", one.reviewed());
        var block = one.block();
        var interval = one.blockInterval();
        if (block != null && interval != null) {
            view.put("block_from", block.threshold());
            view.put("block_precision", block.precision());
            view.put("block_precision_interval", List.of(interval.low(), interval.high()));
            view.put("block_recall", block.recall());
        }
        view.put("calibration_error_before", one.errorBefore());
        view.put("calibration_error_after", one.errorAfter());
        return view;
    }

    @Command(
            name = "evaluate",
            mixinStandardHelpOptions = true,
            description = "Measure a model and a policy on labelled comments: curves, false positives of groups, and"
                    + " how much is still found when words are changed to get past.")
    int evaluate(
            @Mixin RequiredModelOption model,
            @Mixin PolicyOptions policy,
            @Option(names = "--data", required = true, paramLabel = "FILE", description = "Labelled comments.")
                    Path data,
            @Option(
                            names = "--terms",
                            paramLabel = "FILE",
                            description = "Words that name groups of people, one a line.")
                    @Nullable
                    Path terms,
            @Mixin EvasionOption evasion,
            @Option(names = "--html", paramLabel = "FILE", description = "A page with the curves.") @Nullable Path html)
            throws IOException {
        List<String> words = terms == null
                ? List.of()
                : Files.readAllLines(terms).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
        LabelledComments comments = LabelledComments.read(data);
        try (Model opened = model.open(spec.commandLine().getErr())) {
            PolicyOptions.InForce judged = policy.of(opened, spec);
            Evaluation.Report report = new Evaluation(
                            words, evasion.comments, new Bootstrap(Bootstrap.USUAL_SAMPLES, 1))
                    .report(comments, judged.scorer().withWindow(judged.policy().window()), judged.policy());
            report.lines().forEach(line -> spec.commandLine().getOut().println(Json.line(line)));
            if (html != null) {
                Files.writeString(html, report.html());
                spec.commandLine().getErr().println("heed: wrote " + html);
            }
        }
        return 0;
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = "What another policy would have decided, from the scores in a log: counts, then a line for"
                    + " every comment that would have ended otherwise.")
    int replay(
            @Option(
                            names = "--log",
                            required = true,
                            paramLabel = "FILE",
                            description = "As `run --log` wrote it, or the folder that `stream --out` wrote.")
                    Path log,
            @Option(names = "--policy", required = true, paramLabel = "FILE", description = "Thresholds, in YAML.")
                    Path policy) {
        PrintWriter out = spec.commandLine().getOut();
        Replay replay = Replay.of(log, Policy.read(policy));
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("decided", replay.decided());
        summary.put("counts", replay.counts());
        summary.put("changed", replay.changed().size());
        summary.put("overruled_by_people", replay.overruled());
        summary.put("agrees_with_people", replay.agreeing());
        out.println(Json.line(summary));
        replay.changed().forEach(change -> {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("id", change.id());
            line.put("before", change.before().word());
            line.put("after", change.after().word());
            line.put("categories", change.categories());
            out.println(Json.line(line));
        });
        return 0;
    }

    @Command(
            name = "overrule",
            mixinStandardHelpOptions = true,
            description = "Write down that a person decided about a comment, whatever the policy said.")
    int overrule(
            @Option(names = "--log", required = true, paramLabel = "FILE", description = "As `run --log` wrote it.")
                    Path log,
            @Option(names = "--id", required = true, paramLabel = "ID", description = "Of the comment.") String id,
            @Option(
                            names = "--action",
                            required = true,
                            paramLabel = "allow|review|block",
                            description = "What happens to it.")
                    Action action,
            @Option(names = "--reviewer", required = true, paramLabel = "NAME", description = "Who decided.")
                    String reviewer,
            @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why.") String reason) {
        try (AuditLog audit = AuditLog.open(log, InstantSource.system())) {
            audit.reviewed(id, action, reviewer, reason);
        }
        return 0;
    }
}
