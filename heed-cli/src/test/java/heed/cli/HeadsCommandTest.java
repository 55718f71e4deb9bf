package heed.cli;

import static heed.cli.HeedRun.heed;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `heed heads` as a person uses it.
class HeadsCommandTest {
    private static final String MODEL = "../heed-models/src/test/resources/golden/t5/encoder";
    private static final String SENTENCE = """
            1\tthe\tthe\tDET\t_\t_\t2\tdet\t_\t_
            2\triver\triver\tNOUN\t_\t_\t3\tnsubj\t_\t_
            3\tflows\tflow\tVERB\t_\t_\t0\troot\t_\t_

            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private String treebank(String text) throws IOException {
        return Files.writeString(folder.resolve("x.conllu"), text).toString();
    }

    @Test
    void theHeadsOfAModelAreReportedOverATreebank() throws IOException {
        String file = treebank(SENTENCE.repeat(6));
        HeedRun json = heed("heads", file, "--model", MODEL, "--format", "json");
        assertThat(json.status()).as(json.err()).isZero();
        JsonNode report = JsonMapper.shared().readTree(json.out());
        assertThat(report.get("sentences").asInt()).isEqualTo(6);
        assertThat(report.get("roles").findValuesAsString("role"))
                .contains("previous", "determiner", "subject")
                .doesNotContain("object");
        assertThat(report.get("antecedents")
                        .get("byVerb")
                        .get("told")
                        .get("first")
                        .isNumber())
                .isTrue();
        assertThat(heed("heads", file, "--model", MODEL, "--prune").err()).contains("predicts no masked words");
        assertThat(heed("heads", file, "--model", MODEL).out())
                .contains("6 sentences of x.conllu")
                .contains("\"he\" looks at")
                .contains("Jensen–Shannon");
        assertThat(heed("heads", file, "--model", MODEL, "--format", "svg").out())
                .startsWith("<svg");
    }

    @Test
    void aMalformedTreebankIsOneLineWithItsPlace() throws IOException {
        HeedRun result = heed("heads", treebank(SENTENCE + "1\tbroken\n"), "--model", MODEL);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("x.conllu, line 5 has 2 columns, a word has 10 with tabs between");
        assertThat(heed("heads", "--sentences", "1").status()).isEqualTo(2);
        assertThat(heed("heads", folder.resolve("none").toString()).err()).contains("there is no such file");
    }
}
