package heed.cli;

import heed.moderation.Evaluation;
import picocli.CommandLine.Option;

/// How much is tried to get comments past.
final class EvasionOption {
    @Option(
            names = "--evasion",
            paramLabel = "N",
            description = "How many of the comments that were found are changed to get past; each is scored at least"
                    + " twenty times. 0 leaves that out. Default: " + Evaluation.USUALLY_PERTURBED)
    int comments = Evaluation.USUALLY_PERTURBED;
}
