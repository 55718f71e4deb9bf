package heed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `heed claims` as a person uses it.
class ClaimsCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private record Result(int status, String out, String err) {}

    private static Result heed(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Heed.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Result(status, out.toString(), err.toString());
    }

    @Test
    void theListSaysWhatIsClaimedAndWhenItHolds() {
        Result list = heed("claims", "list");
        assertThat(list.status).isZero();
        assertThat(list.out).contains("order\n").contains("Rule: For random permutations");
        assertThat(heed("claims", "list", "--format", "json").out)
                .contains("{\"")
                .contains("\"masks\"");
    }

    @Test
    void aRunLeavesItsResultAndSaysIt() {
        Result run = heed("claims", "run", "masks", "--quick", "--out", folder.toString());
        assertThat(run.status).isZero();
        assertThat(run.out).startsWith("masks: confirmed\n");
        assertThat(run.err).contains("heed: masks: causal sentences, seed 3");
        assertThat(folder.resolve("masks.json")).exists();
        assertThat(folder.resolve("masks-causal.csv")).exists();
    }

    @Test
    void anUnknownClaimIsOneLine() {
        Result run = heed("claims", "run", "masks", "ordr", "--quick", "--out", folder.toString());
        assertThat(run.status).isEqualTo(1);
        assertThat(run.err)
                .startsWith("heed: there is no claim 'ordr'; there are order, masks, scale, ")
                .hasLineCount(1);
        assertThat(folder.resolve("masks.json")).doesNotExist();
    }
}
