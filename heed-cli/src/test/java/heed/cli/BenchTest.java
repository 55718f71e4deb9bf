package heed.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import heed.kernel.KernelProvider;
import heed.kernel.LinearEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `heed bench` on a tiny checkpoint: that results are checked and printed as promised, not how fast they are.
class BenchTest {
    private static final String MODEL = "../heed-models/src/test/resources/golden/bert/base";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static HeedRun bench(String... arguments) {
        return HeedRun.heed(
                Stream.concat(Stream.of("bench"), Arrays.stream(arguments)).toArray(String[]::new));
    }

    @Test
    void everyLineSaysWhatRanOnWhat() {
        HeedRun result = bench("matmul", "--shapes", "5,7,3;2,70,11", "--seconds", "0.01", "--threads", "2");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.lines()).hasSize(2).allSatisfy(line -> {
            assertThat(line.get("impl").asString()).isEqualTo("heed");
            assertThat(line.get("kernels").asString()).isNotEmpty();
            assertThat(line.get("threads").asInt()).isEqualTo(2);
            assertThat(line.get("dtype").asString()).isEqualTo("f32");
            assertThat(line.get("ms").asDouble()).isPositive();
        });
        assertThat(result.lines()).extracting(line -> line.get("n").asInt()).containsExactly(7, 70);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void attentionIsCheckedAndTimed(boolean causal) {
        String[] command = {"attention", "--n", "13,29", "--heads", "3", "--width", "5", "--seconds", "0.01"};
        HeedRun result = bench(Stream.concat(Arrays.stream(command), causal ? Stream.of("--causal") : Stream.of())
                .toArray(String[]::new));
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.lines()).hasSize(2);
        JsonNode second = result.lines().get(1);
        assertThat(second.get("n").asInt()).isEqualTo(29);
        assertThat(second.get("causal").asBoolean()).isEqualTo(causal);
        assertThat(second.get("ms").asDouble()).isPositive();
    }

    @Test
    void latencyHasALineForEveryLength() {
        HeedRun result = bench("latency", "--model", MODEL, "--tokens", "3,11", "--calls", "5", "--warm-up", "0");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.lines())
                .extracting(line -> line.get("tokens").asInt())
                .containsExactly(3, 11);
        assertThat(result.lines().getFirst().get("reps").asInt()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bf16", "int8"})
    void roundedWeightsSayHowFarTheyAgreeWithExactOnes(String type) {
        HeedRun result = bench(
                "latency --tokens 5 --calls 3 --warm-up 0 --engine java --dtype".split(" "), type, "--model", MODEL);
        assertThat(result.status()).as(result.err()).isZero();
        JsonNode line = result.lines().getFirst();
        assertThat(line.get("dtype").asString()).isEqualTo(type);
        assertThat(line.get("engine").asString()).isEqualTo("java");
        assertThat(line.get("cosine_min").asDouble()).isBetween(0.99, 1.0);
        assertThat(line.get("cosine_mean").asDouble())
                .isGreaterThanOrEqualTo(line.get("cosine_min").asDouble());
    }

    private static HeedRun bench(String[] first, String... more) {
        return bench(Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(String[]::new));
    }

    @Test
    void embedCountsTextsInBatches() throws IOException {
        Path texts = Files.writeString(folder.resolve("texts.txt"), "the cat sat\nthe river bank\nthe mat\n");
        HeedRun result =
                bench("embed", "--model", MODEL, "--input", texts.toString(), "--batch", "2", "--warm-up", "0");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.lines().getFirst().get("sentences").asInt()).isEqualTo(3);
        assertThat(result.lines().getFirst().get("tokens_per_s").asLong()).isPositive();
    }

    @Test
    void aProfileNamesEveryOperationOfAPass() {
        HeedRun result = bench("--profile", "--model", MODEL, "--warm-up", "0", "--threads", "1");
        assertThat(result.status()).as(result.err()).isZero();
        JsonNode operations = result.lines().getFirst().get("operations_ms");
        // The tiny model is 35 wide, its inner layers 53.
        assertThat(operations.propertyNames())
                .contains("attention", "layer norm", "activation", "embedding")
                .contains("linear 35→35 (query, key, value)", "linear 35→35 (after attention)");
        double sum =
                operations.values().stream().mapToDouble(JsonNode::asDouble).sum();
        double whole = result.lines().getFirst().get("ms").asDouble();
        assertThat(sum).isBetween(0.99 * whole - 0.01, 1.01 * whole + 0.01);
        assertThat(result.err()).contains("attention").contains("100.0%");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bf16", "int8"})
    void productsByRoundedWeightsAreCheckedAndTimed(String type) {
        HeedRun result = bench("matmul", "--shapes", "5,7,3;1,70,11", "--seconds", "0.01", "--dtype", type);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.lines()).hasSize(2);
        assertThat(result.lines().getLast().get("dtype").asString()).isEqualTo(type);
        assertThat(result.lines().getLast().get("weights_gb_per_s").asDouble()).isNotNegative();
    }

    @Test
    void aFewQueriesLookAtAllKeys() {
        HeedRun result = bench("attention", "--n", "29", "--queries", "3", "--causal", "--seconds", "0.01");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.lines().getFirst().get("queries").asInt()).isEqualTo(3);
        HeedRun tooMany = bench("attention", "--n", "29", "--queries", "30");
        assertThat(tooMany.status()).isEqualTo(1);
        assertThat(tooMany.err()).contains("30 of 29 positions").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "onednn"})
    void aProfileSeesTheProductsOfEveryEngine(String engine) {
        assumeTrue(LinearEngines.all(KernelProvider.scalar()).stream()
                .anyMatch(found -> found.name().equals(engine) && found.engine().isPresent()));
        HeedRun result = bench(
                "--profile",
                "--model",
                MODEL,
                "--warm-up",
                "0",
                "--threads",
                "1",
                "--dtype",
                "f32",
                "--engine",
                engine);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.lines().getFirst().get("operations_ms").propertyNames())
                .contains("linear 35→35 (query, key, value)", "linear 35→53 (after attention)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10000", "-3"})
    void aThreadCountThatMakesNoSenseIsOneLine(String threads) {
        HeedRun result = bench("latency", "--model", MODEL, "--threads", threads);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("heed: threads must be between 1 and")
                .hasLineCount(1);
    }

    @Test
    void whatIsNoNumberIsAMatterOfUsage() {
        assertThat(bench("latency", "--threads", "abc").status()).isEqualTo(2);
    }

    @Test
    void whatCannotFitInTheHeapIsRefusedBeforeItIsAllocated() {
        HeedRun result = bench("attention", "--n", "7,2700000");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lines()).isEmpty();
        assertThat(result.err())
                .contains("2700000 positions needs about 47461 MB")
                .contains("-Xmx")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,2", "1,2,3,4", "0,5,5", "a,b,c"})
    void aShapeIsThreePositiveNumbers(String shape) {
        HeedRun result = bench("matmul", "--shapes", shape);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("M,N,K").hasLineCount(1);
    }
}
