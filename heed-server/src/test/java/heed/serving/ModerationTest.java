package heed.serving;

import static org.assertj.core.api.Assertions.assertThat;

import heed.claims.Effort;
import heed.claims.Finding;
import heed.claims.Sentence;
import heed.claims.Trial;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.model.Models;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NullMarked
@Timeout(120)
class ModerationTest {
    private static final Path MODEL =
            Path.of("..", "heed-models", "src", "test", "resources", "golden", "bert", "sequence-classification-multi");

    @Test
    void everyRateIsReportedAndNoCommentIsLost() {
        Trial quick = new Trial(Effort.QUICK, KernelProvider.active().kernels(), WorkerPool.shared(), _ -> {});
        Moderation claim = new Moderation(
                _ -> List.of(new Sentence("the bank can lend money", true), new Sentence("the river", false)),
                (type, _) -> {
                    assertThat(type.toString()).isEqualTo("f32");
                    return Models.open(MODEL);
                });
        Finding finding = claim.measure(quick);
        assertThat(finding.tables().getFirst().rows())
                .hasSize(5)
                .allSatisfy(row -> assertThat(row.get(5)).isEqualTo(0));
        assertThat(finding.tables().getLast().rows()).hasSize(1);
        assertThat(finding.summary()).isNotBlank();
    }
}
