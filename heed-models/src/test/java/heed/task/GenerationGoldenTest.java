package heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.generation.Decoding;
import heed.generation.GoldenOptions;
import heed.model.Model;
import heed.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tiny checkpoints generate what Hugging Face generates with them, alone and in a batch of ragged prompts
/// (`make_generation.py`). What the options do not say stands in the checkpoints' `generation_config.json`.
class GenerationGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/generation");
    private static final List<String> CHECKPOINTS = List.of("gpt2", "llama", "t5", "marian", "bart");

    @TestFactory
    Stream<DynamicTest> checkpointsGenerateWhatHuggingFaceGenerates() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String checkpoint : CHECKPOINTS) {
            Path folder = GOLDEN.resolve(checkpoint);
            JsonNode golden = JsonMapper.shared().readTree(Files.readString(folder.resolve("generation.json")));
            List<int[]> prompts =
                    golden.get("prompts").valueStream().map(GoldenOptions::ints).toList();
            assertThat(golden.get("cases").size()).isGreaterThanOrEqualTo(10);
            for (JsonNode one : golden.get("cases")) {
                tests.add(DynamicTest.dynamicTest(
                        checkpoint + " " + one.get("options"), () -> check(folder, prompts, one)));
            }
        }
        return tests.stream();
    }

    private static void check(Path folder, List<int[]> prompts, JsonNode one) {
        try (Model model = Models.open(folder)) {
            Decoding usual = Rewriter.usual(model);
            TextGenerator generator = new TextGenerator(
                    model, GoldenOptions.decoding(one.get("options"), usual).withLogProbabilities());
            List<List<Continuation>> together = generator.generateTokens(prompts);
            for (int p = 0; p < prompts.size(); p++) {
                JsonNode expected = one.get("results").get(p);
                List<Continuation> alone =
                        generator.generateTokens(List.of(prompts.get(p))).getFirst();
                assertThat(alone).hasSize(expected.size());
                for (int i = 0; i < expected.size(); i++) {
                    assertSame(alone.get(i), expected.get(i));
                    assertSame(together.get(p).get(i), expected.get(i));
                }
            }
        }
    }

    private static void assertSame(Continuation actual, JsonNode expected) {
        assertThat(actual.ids()).isEqualTo(GoldenOptions.ints(expected.get("ids")));
        assertThat(actual.logProbabilities())
                .containsExactly(GoldenOptions.floats(expected.get("log_probabilities")), within(2e-4f));
        if (expected.has("score")) {
            assertThat(actual.score())
                    .isCloseTo(expected.get("score").asDouble(), within(1e-4 * Math.max(1, Math.abs(actual.score()))));
        }
    }
}
