package heed.family;

import static org.assertj.core.api.Assertions.assertThat;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.Checkpoints;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.model.DecodingSession;
import heed.model.Model;
import heed.model.Models;
import heed.model.Outputs;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Tiny decoders against what Hugging Face computes for them, layer by layer and token by token.
/// `src/test/golden` says how the files were made.
class DecoderGoldenTest {
    /// The golden values are float32 themselves.
    private static final float HIDDEN_TOLERANCE = 2e-5f;

    private static final float WEIGHT_TOLERANCE = 5e-6f;

    private static final int ROWS = 2;

    private static final List<String> CASES = List.of(
            "gpt2",
            "gpt2-inverse-layer",
            "gpt2-model",
            "gpt2-sequence-classification",
            "gpt2-token-classification",
            "gpt2-question-answering",
            "gpt-neox",
            "gpt-neox-sequential",
            "gpt-neox-odd-rotary",
            "llama",
            "llama-tied-biases",
            "llama-model",
            "llama-linear",
            "llama-dynamic",
            "llama-llama3",
            "llama-llama3-old",
            "llama-longrope",
            "llama-yarn",
            "llama-yarn-betas",
            "llama-sequence-classification",
            "llama-token-classification",
            "llama-question-answering",
            "mistral",
            "mistral-no-window",
            "qwen2",
            "qwen2-window",
            "qwen3");

    static Stream<Arguments> casesAndKernels() {
        return withKernels(CASES.stream());
    }

    static Stream<Arguments> writersAndKernels() {
        return withKernels(CASES.stream().filter(DecoderGoldenTest::writes));
    }

    private static Stream<Arguments> withKernels(Stream<String> names) {
        List<Kernels> all = new ArrayList<>(List.of(KernelProvider.scalar()));
        KernelProvider.vector().ifPresent(all::add);
        return names.flatMap(name -> all.stream().map(kernels -> Arguments.of(name, kernels)));
    }

    private static boolean writes(String name) {
        try (Checkpoint golden = golden(name)) {
            return golden.tensors().containsKey("0.greedy");
        }
    }

    @ParameterizedTest
    @MethodSource("casesAndKernels")
    void everyOutputIsWhatHuggingFaceComputes(String name, Kernels kernels) {
        try (WorkerPool workers = WorkerPool.of(2);
                Checkpoint golden = golden(name);
                Model model = Models.open(name, folder(name), kernels, workers)) {
            for (int row = 0; row < ROWS; row++) {
                Map<String, Tensor> outputs = Outputs.of(model, TokenBatch.of(ids(golden, "ids." + row)), true, true);
                String prefix = row + ".";
                List<String> names = golden.tensors().keySet().stream()
                        .filter(output -> output.startsWith(prefix) && !output.equals(prefix + "greedy"))
                        .toList();
                assertThat(names).hasSizeGreaterThanOrEqualTo(4);
                for (String output : names) {
                    assertClose(
                            name + " " + output,
                            Objects.requireNonNull(outputs.get(output.substring(2)), output),
                            tensor(golden, output),
                            output.contains("attentions.") ? WEIGHT_TOLERANCE : HIDDEN_TOLERANCE);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("writersAndKernels")
    void bothTextsGoOnTogetherAsHuggingFaceLetsThemGoOnAlone(String name, Kernels kernels) {
        try (WorkerPool workers = WorkerPool.of(1);
                Checkpoint golden = golden(name);
                Model model = Models.open(name, folder(name), kernels, workers)) {
            List<int[]> prompts = IntStream.range(0, ROWS)
                    .mapToObj(row -> ids(golden, "ids." + row))
                    .toList();
            int steps = ids(golden, "0.greedy").length;
            int[][] written = new int[ROWS][steps];
            DecodingSession session = model.decode();
            Tensor logits = session.prefill(prompts);
            for (int step = 0; step < steps; step++) {
                int[] next = {best(logits.part(0)), best(logits.part(1))};
                for (int row = 0; row < ROWS; row++) {
                    written[row][step] = next[row];
                    if (!name.contains("dynamic")
                            && !name.contains("longrope")) { // whose cached keys are those of a shorter text
                        assertClose(
                                name + " step " + step,
                                logits.part(row),
                                again(model, prompts.get(row), written[row], step),
                                HIDDEN_TOLERANCE);
                    }
                }
                if (step + 1 < steps) {
                    logits = session.step(next);
                }
            }
            for (int row = 0; row < ROWS; row++) {
                assertThat(written[row]).as("%s, row %d", name, row).containsExactly(ids(golden, row + ".greedy"));
            }
        }
    }

    /// The logits behind a prompt and what was written so far, computed from the start.
    private static Tensor again(Model model, int[] prompt, int[] written, int count) {
        int[] all = IntStream.concat(Arrays.stream(prompt), Arrays.stream(written, 0, count))
                .toArray();
        Tensor logits = Objects.requireNonNull(
                Outputs.of(model, TokenBatch.of(all), false, false).get("logits"));
        return logits.part(0).part(all.length - 1);
    }

    private static int best(Tensor logits) {
        float[] scores = logits.toArray();
        return IntStream.range(0, scores.length)
                .reduce((a, b) -> scores[b] > scores[a] ? b : a)
                .orElseThrow();
    }

    private static Path folder(String name) {
        return Path.of("src/test/resources/golden/decoders", name);
    }

    private static Checkpoint golden(String name) {
        return Checkpoints.open(folder(name).resolve("golden.safetensors"));
    }

    private static int[] ids(Checkpoint golden, String name) {
        return Arrays.stream(golden.readIntegers(name))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private static Tensor tensor(Checkpoint golden, String name) {
        int[] shape =
                golden.tensor(name).shape().stream().mapToInt(Integer::intValue).toArray();
        return Tensor.of(Shape.of(shape), golden.read(name));
    }

    private static void assertClose(String what, Tensor actual, Tensor expected, float tolerance) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        assertThat(actual.toArray())
                .as(what)
                .usingComparatorWithPrecision(tolerance)
                .containsExactly(expected.toArray());
    }
}
