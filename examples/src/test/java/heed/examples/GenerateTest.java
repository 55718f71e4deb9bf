package heed.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenerateTest {
    @Test
    void theSnippetStreamsText() {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream captured = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(captured);
            Generate.main(new String[] {"../heed-models/src/test/resources/golden/generation/gpt2"});
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).hasSizeGreaterThan(10);
    }

    @Test
    void thePageShowsTheCodeThatIsRun() throws IOException {
        List<String> source = Files.readAllLines(Path.of("src/main/java/heed/examples/Generate.java"));
        int from = source.indexOf("        // docs/generation.md:") + 1;
        int to = source.indexOf("        // :docs/generation.md");
        String shown = String.join("\n", source.subList(from, to)).stripIndent();
        assertThat(Files.readString(Path.of("../docs/generation.md"))).contains("```java\n" + shown + "\n```");
    }
}
