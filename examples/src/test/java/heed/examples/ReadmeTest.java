package heed.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    @Test
    void theReadmeShowsTheCodeThatIsRun() throws IOException {
        List<String> source = Files.readAllLines(Path.of("src/main/java/heed/examples/Readme.java"));
        int from = source.indexOf("        // README:") + 1;
        int to = source.indexOf("        // :README");
        String shown = String.join("\n", source.subList(from, to)).stripIndent();
        assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + shown + "\n```");
    }
}
