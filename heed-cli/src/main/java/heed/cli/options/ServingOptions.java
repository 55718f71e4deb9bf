package heed.cli.options;

import heed.server.api.ModerationFiles;
import heed.serving.ServingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of a server for many: limits, a key, what is kept.
public final class ServingOptions {
    private static final ServingSettings USUAL = ServingSettings.defaults();

    @Option(
            names = "--batch-tokens",
            paramLabel = "N",
            description = "The most tokens of a batch; a longer text is a batch of its own. Default: 1024")
    private int batchTokens = USUAL.batchTokens();

    @Option(
            names = "--queue-tokens",
            paramLabel = "N",
            description = "The most tokens under way; beyond that requests get status 429. Default: 131072")
    private long queueTokens = USUAL.queueTokens();

    @Option(
            names = "--queue-seconds",
            paramLabel = "SECONDS",
            description = "What is to be read gets status 429 where it would wait longer for its turns, by the pace so"
                    + " far. Default: 5")
    private int queueSeconds = (int) USUAL.longestWait().toSeconds();

    @Option(names = "--max-texts", paramLabel = "N", description = "The most texts of a request. Default: 2048")
    private int maxTexts = USUAL.maxTexts();

    @Option(names = "--max-body", paramLabel = "MB", description = "The largest request. Default: 8")
    private int maxBody = USUAL.maxBodyBytes() >> 20;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long a request may take; after that it is given up. Default: 60")
    private int timeout = (int) USUAL.timeout().toSeconds();

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "A file with the key that every request must bring. The environment's HEED_API_KEY does the"
                    + " same.")
    private @Nullable Path keyFile;

    @Option(
            names = "--suggestions",
            paramLabel = "FILE",
            description = "Where scores are kept that people suggest for comments (Perspective's suggestscore); with"
                    + " their texts.")
    private @Nullable Path suggestions;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "Which scores have which consequences, for /moderate and /v1/moderations; read anew when it"
                    + " changes (docs/moderation.md).")
    private @Nullable Path policy;

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = "What makes the scores of comments probabilities, as `heed moderate tune` wrote it.")
    private @Nullable Path calibration;

    @Option(
            names = "--audit",
            paramLabel = "FILE",
            description = "Where every decision about a comment is written before it is answered.")
    private @Nullable Path audit;

    @Option(
            names = "--reviews",
            paramLabel = "FILE",
            description = "Where comments that the policy wants reviewed wait, with their texts, for the page's screen"
                    + " Reviews; only its owner may read it. Needs --audit.")
    private @Nullable Path reviews;

    @Option(
            names = "--most-reviews",
            paramLabel = "N",
            description = "How many wait at once; the oldest fall out. Default: " + ModerationFiles.USUAL_REVIEWS)
    private int mostReviews = ModerationFiles.USUAL_REVIEWS;

    @Option(
            names = "--reference",
            paramLabel = "FILE",
            description = "What comments were like when thresholds were chosen, as `heed moderate tune` wrote it: what"
                    + " /metrics compares with. Default: reference.json beside the policy, if there is one")
    private @Nullable Path reference;

    /// @throws IllegalArgumentException when a limit leaves nothing
    public ServingSettings settings() {
        if (maxBody < 1 || maxBody > 1024) {
            throw new IllegalArgumentException("--max-body is 1 to 1024 MB, not " + maxBody);
        }
        return USUAL.withBatchTokens(batchTokens)
                .withQueueTokens(queueTokens)
                .withLongestWait(Duration.ofSeconds(queueSeconds))
                .withMaxTexts(maxTexts)
                .withMaxBodyBytes(maxBody << 20)
                .withTimeout(Duration.ofSeconds(timeout));
    }

    /// What every request must bring; null for none.
    public @Nullable String key() throws IOException {
        Path file = keyFile;
        return file == null
                ? System.getenv("HEED_API_KEY")
                : Files.readString(file).strip();
    }

    public ModerationFiles moderation() {
        return new ModerationFiles(policy, calibration, reference(), audit, reviews, mostReviews, suggestions);
    }

    private @Nullable Path reference() {
        if (reference != null || policy == null) {
            return reference;
        }
        Path beside = policy.resolveSibling("reference.json");
        return Files.isRegularFile(beside) ? beside : null;
    }
}
