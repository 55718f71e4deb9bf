package heed.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.kernel.WeightType;
import heed.moderation.stream.StreamSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModerationJobTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aClustersJobTakesTheOptionsOfTheCommand() throws IOException {
        String policy = Files.writeString(folder.resolve("policy.yaml"), TestStreams.POLICY)
                .toString();
        StreamSettings settings = ModerationJob.settings(
                "--model",
                "m",
                "--dtype",
                "int8",
                "--policy",
                policy,
                "--in",
                "kafka://a:1/in",
                "--out",
                "kafka://a:1/out",
                "--ordered",
                "--checkpoint-every",
                "0.5",
                "--batch-tokens",
                "64");
        assertThat(settings.judging())
                .isEqualTo(new StreamSettings.Judging(
                        "m", WeightType.INT8, null, TestStreams.POLICY, null, 64, Duration.ofMillis(5)));
        assertThat(settings.route())
                .isEqualTo(new StreamSettings.Route(
                        "kafka://a:1/in", false, true, "kafka://a:1/out", "kafka://a:1/out-dead-letters"));
        assertThat(settings.keeping().every()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.ordered()).isTrue();
        assertThatThrownBy(() -> ModerationJob.settings("--policy", policy, "--in", "a", "--out", "b"))
                .hasMessage("the option --model is missing");
        assertThatThrownBy(() -> ModerationJob.settings("--modle", "m")).hasMessage("unknown options: --modle");
    }
}
