package heed.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.kernel.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every strategy chooses what Hugging Face chooses, on a model that is a table (`make_generation.py`).
class GoldenDecodingTest {
    private static final JsonNode GOLDEN = read();
    private static final float[][] TABLE =
            GOLDEN.get("table").valueStream().map(GoldenOptions::floats).toArray(float[][]::new);
    private static final List<Prefix> PROMPTS = GOLDEN.get("prompts")
            .valueStream()
            .map(ids -> Prefix.of(GoldenOptions.ints(ids)))
            .toList();

    private static JsonNode read() {
        try {
            return JsonMapper.shared()
                    .readTree(Files.readString(Path.of("src/test/resources/golden/generation/table.json")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static float[] tableRow(int[] ids) {
        int before = ids.length > 1 ? ids[ids.length - 2] : 0;
        return TABLE[(3 * ids[ids.length - 1] + 5 * before + 7 * ids.length) % TABLE.length];
    }

    @TestFactory
    Stream<DynamicTest> everyStrategyFindsWhatHuggingFaceFinds() {
        JsonNode cases = GOLDEN.get("cases");
        assertThat(cases.size()).isGreaterThan(100);
        return cases.valueStream()
                .map(one -> DynamicTest.dynamicTest(one.get("options").toString(), () -> check(one)));
    }

    private static void check(JsonNode one) {
        Decoding decoding =
                GoldenOptions.decoding(one.get("options"), Decoding.greedy()).withLogProbabilities();
        List<List<Hypothesis>> together = run(decoding, PROMPTS);
        for (int p = 0; p < PROMPTS.size(); p++) {
            List<Hypothesis> alone = run(decoding, List.of(PROMPTS.get(p))).getFirst();
            assertThat(together.get(p)).as("prompt %s in a batch", p).isEqualTo(alone);
            JsonNode expected = one.get("results").get(p);
            assertThat(alone).as("prompt %s", p).hasSize(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                checkOne(alone.get(i), expected.get(i));
            }
        }
    }

    private static void checkOne(Hypothesis actual, JsonNode expected) {
        assertThat(actual.ids()).isEqualTo(GoldenOptions.ints(expected.get("ids")));
        assertThat(actual.logProbabilities())
                .containsExactly(GoldenOptions.floats(expected.get("log_probabilities")), within(1e-4f));
        if (expected.has("score")) {
            assertThat(actual.score())
                    .isCloseTo(expected.get("score").asDouble(), within(2e-6 * Math.max(1, Math.abs(actual.score()))));
        }
    }

    private static List<List<Hypothesis>> run(Decoding decoding, List<Prefix> prompts) {
        int[] maxLengths = prompts.stream()
                .mapToInt(prompt -> decoding.length().mostTokens(Length.UNSAID, 20, "the prompt", prompt.length(), 100))
                .toArray();
        return new Generator(
                        decoding, maxLengths, List.of(), TokenListener.NONE, new Cancellation(), WorkerPool.shared())
                .run(prompts, new TableSteps(GoldenDecodingTest::tableRow, prompts));
    }

    @Test
    void filtersOfSamplingLeaveWhatHuggingFaceLeaves() {
        JsonNode filters = GOLDEN.get("filters");
        assertThat(filters.size()).isGreaterThan(20);
        for (JsonNode one : filters) {
            double value = one.get("value").asDouble();
            LogitsProcessor filter = switch (one.get("filter").asString()) {
                case "temperature" -> new Temperature(value);
                case "top_k" -> new TopK((int) value);
                case "top_p" -> new TopP(value);
                case "min_p" -> new MinP(value);
                default -> throw new IllegalStateException(one.toString());
            };
            float[] scores = TABLE[one.get("row").asInt()].clone();
            filter.process(Prefix.of(1), scores);
            assertThat(scores)
                    .as(one.toString())
                    .containsExactly(GoldenOptions.floats(one.get("after")), within(1e-5f));
        }
    }
}
