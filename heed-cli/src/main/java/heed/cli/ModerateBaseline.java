package heed.cli;

import heed.moderation.Evaluation;
import heed.moderation.LabelledComments;
import heed.moderation.Policy;
import heed.moderation.Tuning;
import heed.moderation.baseline.Baseline;
import heed.moderation.baseline.Features;
import heed.score.Bootstrap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "baseline",
        mixinStandardHelpOptions = true,
        description = {
            "What a model must beat: a logistic regression over words or pieces of words learns from the same"
                    + " comments, is tuned as `tune` does, and measured as `evaluate` does.",
            "",
            "Prints what `evaluate` prints: a line of JSON for every label."
        },
        footerHeading = "%nExample:%n",
        footer =
                "  heed moderate baseline --train train.jsonl --tune tune.jsonl --data test.jsonl --features characters")
final class ModerateBaseline implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--train", required = true, paramLabel = "FILE", description = "Labelled comments to learn from.")
    private Path train = Path.of("");

    @Option(names = "--tune", required = true, paramLabel = "FILE", description = "Others to choose thresholds by.")
    private Path tune = Path.of("");

    @Option(names = "--data", required = true, paramLabel = "FILE", description = "Others to measure on.")
    private Path data = Path.of("");

    @Option(
            names = "--features",
            paramLabel = "words|characters",
            description = "What a text is counted as; characters are three to five side by side. Default: words")
    private Features features = Features.WORDS;

    @Mixin
    private TuningOptions wanted = new TuningOptions();

    @Mixin
    private EvasionOption evasion = new EvasionOption();

    @Option(names = "--html", paramLabel = "FILE", description = "A page with the curves.")
    private @Nullable Path html;

    @Override
    public Integer call() throws Exception {
        Baseline baseline = Baseline.learn(LabelledComments.read(train), features);
        List<Tuning.Tuned> tuned = wanted.tuning().of(LabelledComments.read(tune), baseline);
        Policy policy = Policy.parse(Tuning.policy(baseline.name(), 0, tuned), "the tuned policy");
        Evaluation.Report report = new Evaluation(
                        List.of(), evasion.comments, new Bootstrap(Bootstrap.USUAL_SAMPLES, 1))
                .report(LabelledComments.read(data), baseline.calibrated(Tuning.calibrations(tuned)), policy);
        report.lines().forEach(line -> spec.commandLine().getOut().println(Json.line(line)));
        if (html != null) {
            Files.writeString(html, report.html());
            spec.commandLine().getErr().println("heed: wrote " + html);
        }
        return 0;
    }
}
