package heed.cli;

import static heed.cli.HeedRun.heed;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `heed claims` as a person uses it.
class ClaimsCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void theListSaysWhatIsClaimedAndWhenItHolds() {
        HeedRun list = heed("claims", "list");
        assertThat(list.status()).isZero();
        assertThat(list.out()).contains("order\n").contains("Rule: For random permutations");
        assertThat(heed("claims", "list", "--format", "json").out())
                .contains("{\"")
                .contains("\"masks\"");
    }

    @Test
    void aRunLeavesItsResultAndSaysIt() {
        HeedRun run = heed("claims", "run", "masks", "--quick", "--out", folder.toString());
        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("masks: confirmed\n");
        assertThat(run.err()).contains("heed: masks: causal sentences, seed 3");
        assertThat(folder.resolve("masks.json")).exists();
        assertThat(folder.resolve("masks-causal.csv")).exists();
    }

    @Test
    void anUnknownClaimIsOneLine() {
        HeedRun run = heed("claims", "run", "masks", "ordr", "--quick", "--out", folder.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("heed: there is no claim 'ordr'; there are order, masks, scale, ")
                .hasLineCount(1);
        assertThat(folder.resolve("masks.json")).doesNotExist();
    }
}
