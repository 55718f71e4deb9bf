package heed.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class NotebookFileTest {
    private static final Map<String, String> HERE = Map.of("threads", "2");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final AtomicInteger measured = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("new/notebook.jsonl");
    }

    private double[] cell(Notebook notebook, String name, double... numbers) {
        return notebook.cell(name, () -> {
            measured.incrementAndGet();
            return numbers;
        });
    }

    @Test
    void whatWasMeasuredIsNotMeasuredAgain() throws IOException {
        cell(NotebookFile.open(file, HERE), "a", 1.5, -1);
        Notebook later = NotebookFile.open(file, HERE);
        assertThat(cell(later, "a", 7)).containsExactly(1.5, -1);
        assertThat(cell(later, "b", 2)).containsExactly(2);
        assertThat(cell(later, "b", 3)).containsExactly(2);
        assertThat(measured).hasValue(2);
    }

    @Test
    void underOtherCircumstancesEverythingIsMeasuredAnew() throws IOException {
        cell(NotebookFile.open(file, HERE), "a", 1);
        assertThat(cell(NotebookFile.open(file, Map.of("threads", "1")), "a", 7))
                .containsExactly(7);
        assertThat(cell(NotebookFile.open(file, Map.of("threads", "1")), "a", 8))
                .containsExactly(7);
    }

    @Test
    void aLineThatWasCutShortIsMeasuredAgainAndSpoilsNoOther() throws IOException {
        cell(NotebookFile.open(file, HERE), "a", 1);
        Files.writeString(file, "{\"cell\":\"b\",\"numb", StandardOpenOption.APPEND);
        Notebook later = NotebookFile.open(file, HERE);
        assertThat(cell(later, "b", 2)).containsExactly(2);
        Notebook last = NotebookFile.open(file, HERE);
        assertThat(cell(last, "a", 7)).containsExactly(1);
        assertThat(cell(last, "b", 7)).containsExactly(2);
    }
}
