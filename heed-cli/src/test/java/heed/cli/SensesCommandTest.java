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

/// `heed senses` as a person uses it.
class SensesCommandTest {
    private static final String MODEL = "../heed-models/src/test/resources/golden/bert/masked-lm";

    private static final String LONG = "../heed-models/src/test/resources/golden/t5/encoder";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("sentences.txt"), text).toString();
    }

    @Test
    void sentencesOfAFileAreComparedAndThoseWithoutTheWordLeftOut() throws IOException {
        String file = file("money\tthe banks can lend\nriver\tthe river bank\n\nriver\ta cat\n");
        HeedRun result = heed("senses", "bank", file, "--model", MODEL, "--top", "1", "--format", "json");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err()).contains("left out 1 line without 'bank'");
        JsonNode json = JsonMapper.shared().readTree(result.out());
        assertThat(json.get("sentences").size()).isEqualTo(2);
        assertThat(json.get("sentences").get(0).get("label").asString()).isEqualTo("money");
        assertThat(json.get("sentences")
                        .get(0)
                        .get("neighbours")
                        .get(0)
                        .get("sentence")
                        .asInt())
                .isEqualTo(1);
        assertThat(json.get("layers").get(0).get("mean_cosine").isNumber()).isTrue();
    }

    @Test
    void everyFormatComesOut() throws IOException {
        String file = file("the bank can lend\nthe river bank\n");
        assertThat(heed("senses", "bank", file, "--model", MODEL).out()).contains("layer  mean cosine");
        assertThat(heed("senses", "bank", file, "--model", MODEL, "--format", "svg")
                        .out())
                .startsWith("<svg");
        assertThat(heed("senses", "bank", file, "--model", MODEL, "--format", "html")
                        .out())
                .startsWith("<!doctype html>");
    }

    @Test
    void whatCannotBeComparedIsOneLine() throws IOException {
        String file = file("river\tthe river bank\nriver\ta bank\n");
        assertThat(heed("senses", "cat", file, "--model", MODEL).err())
                .isEqualTo(
                        "heed: 'cat' occurs in none of the sentences; at least two occurrences are needed to compare\n");
        assertThat(heed("senses", "bank", file, "--model", MODEL, "--layer", "99")
                        .err())
                .contains("layer 99 does not exist");
        assertThat(heed("senses", "bank", file, "--model", MODEL).err())
                .contains("all sentences have the label river: there are no senses to tell apart");
        assertThat(heed("senses", "bank", folder.resolve("none").toString(), "--model", MODEL)
                        .status())
                .isEqualTo(1);
        assertThat(heed("senses").status()).isEqualTo(2);
        assertThat(heed("senses", "bank", "--evaluate", "homographs").status()).isEqualTo(2);
    }

    @Test
    void anEvaluationSaysHowManyAreRight() {
        HeedRun result = heed("senses", "--evaluate", "homographs", "--words", "3", "--model", LONG);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out())
                .startsWith("homographs: 3 words, ")
                .contains("guessing")
                .contains("random weights");
        assertThat(heed("senses", "--evaluate", "homographs", "--words", "2", "--model", LONG, "--format", "json")
                        .out())
                .contains("\"beaten\"");
    }
}
