package heed.cli;

import heed.model.Model;
import heed.moderation.CalibrationFile;
import heed.moderation.LabelScorer;
import heed.moderation.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// What comments are judged by: a policy, which some models bring with them, and the calibrations beside it.
final class PolicyOptions {
    private static final String USUAL = "policy.yaml";

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "Thresholds, in YAML. Default: policy.yaml in the model's folder, if there is one")
    private @Nullable Path policy;

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = "Makes scores probabilities, as `tune` wrote it. Default: calibration.json beside the"
                    + " policy, if there is one")
    private @Nullable Path calibration;

    /// A policy and the scorer that it judges by.
    record InForce(Policy policy, LabelScorer scorer) {}

    /// @throws ParameterException when no policy was named and the model brings none
    InForce of(Model model, CommandSpec spec) {
        Path brought = model.folder().resolve(USUAL);
        Path file = policy != null ? policy : Files.isRegularFile(brought) ? brought : null;
        if (file == null) {
            throw new ParameterException(
                    spec.commandLine(), "name a policy with --policy FILE: " + model.name() + " brings none");
        }
        Path beside = file.resolveSibling("calibration.json");
        Path chosen = calibration != null ? calibration : Files.isRegularFile(beside) ? beside : null;
        LabelScorer scorer = new LabelScorer(model, chosen == null ? Map.of() : CalibrationFile.read(chosen));
        return new InForce(Policy.read(file).requireLabels(scorer.labels()), scorer);
    }
}
