package heed.family;

import static org.assertj.core.api.Assertions.assertThat;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.Checkpoints;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.model.Models;
import heed.model.Outputs;
import heed.model.Recording;
import heed.pass.Point;
import heed.pass.Site;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Tiny checkpoints against what Hugging Face computes for them, layer by layer, so that a failure names the
/// first place where the two part. `src/test/golden` says how the files were made.
class BertGoldenTest {
    /// The golden values are float32 themselves: about 2e-6 off the exact ones.
    private static final float HIDDEN_TOLERANCE = 1e-5f;

    private static final float WEIGHT_TOLERANCE = 2e-6f;

    private static final List<String> CASES = List.of(
            "base",
            "masked-lm",
            "masked-lm-untied",
            "next-sentence",
            "sequence-classification",
            "sequence-classification-multi",
            "token-classification",
            "question-answering",
            "no-pooler",
            "gelu-new",
            "relu",
            "half",
            "bfloat16",
            "sharded",
            "legacy-names",
            "vocab-txt",
            "no-tokenizer");

    static Stream<Arguments> casesAndKernels() {
        List<Kernels> all = new ArrayList<>(List.of(KernelProvider.scalar()));
        KernelProvider.vector().ifPresent(all::add);
        return CASES.stream().flatMap(name -> all.stream().map(kernels -> Arguments.of(name, kernels)));
    }

    @ParameterizedTest
    @MethodSource("casesAndKernels")
    void everyLayerOfARaggedBatchIsWhatHuggingFaceComputes(String name, Kernels kernels) {
        Path folder = folder(name);
        try (WorkerPool workers = WorkerPool.of(2);
                Checkpoint golden = Checkpoints.open(folder.resolve("golden.safetensors"));
                Model model = Models.open(name, folder, kernels, workers)) {
            List<Golden> rows = rows(golden);
            TokenBatch batch = TokenBatch.of(
                    rows.stream().map(Golden::ids).toList(),
                    rows.stream().map(Golden::typeIds).toList());
            Recording recording = Recording.of(Point.HIDDEN, Point.QUERY, Point.KEY, Point.VALUE, Point.CONTEXT);
            Tensor last = model.run(
                    recording, pass -> model.network().encode(batch, pass).copy());

            for (int layer = -1; layer < model.config().layers(); layer++) {
                Tensor hidden = recording.at(Site.encoder(layer), Point.HIDDEN);
                assertRows(golden, "hidden_states." + (layer + 1), hidden, batch.sequences());
                if (layer == 0) {
                    Site site = Site.encoder(0);
                    assertRows(golden, "layer0.query", recording.at(site, Point.QUERY), batch.sequences());
                    assertRows(golden, "layer0.key", recording.at(site, Point.KEY), batch.sequences());
                    assertRows(golden, "layer0.value", recording.at(site, Point.VALUE), batch.sequences());
                    assertRows(golden, "layer0.context", recording.at(site, Point.CONTEXT), batch.sequences());
                }
            }
            assertRows(golden, "last_hidden_state", last, batch.sequences());
        }
    }

    @ParameterizedTest
    @MethodSource("casesAndKernels")
    void everyOutputOfASequenceIsWhatHuggingFaceComputes(String name, Kernels kernels) {
        Path folder = folder(name);
        try (WorkerPool workers = WorkerPool.of(1);
                Checkpoint golden = Checkpoints.open(folder.resolve("golden.safetensors"));
                Model model = Models.open(name, folder, kernels, workers)) {
            List<Golden> rows = rows(golden);
            for (int b = 0; b < rows.size(); b++) {
                Golden row = rows.get(b);
                TokenBatch batch = TokenBatch.of(List.of(row.ids), List.of(row.typeIds));
                Map<String, Tensor> outputs = Outputs.of(model, batch, true, true);
                for (String output : golden.tensors().keySet()) {
                    if (isInput(output) || output.startsWith("layer0.")) {
                        continue;
                    }
                    assertThat(outputs).as("outputs of %s", name).containsKey(output);
                    float tolerance = output.startsWith("attentions.") ? WEIGHT_TOLERANCE : HIDDEN_TOLERANCE;
                    Tensor expected = golden(golden, output).slice(0, b, b + 1);
                    assertClose(
                            name + " " + output,
                            Objects.requireNonNull(outputs.get(output)),
                            unpadded(output, expected, row.ids.length),
                            tolerance);
                }
            }
        }
    }

    private static boolean isInput(String name) {
        return List.of("input_ids", "token_type_ids", "attention_mask").contains(name);
    }

    private static Path folder(String name) {
        return Path.of("src/test/resources/golden/bert", name);
    }

    private record Golden(int[] ids, int[] typeIds) {}

    /// The rows of the golden batch without their padding.
    private static List<Golden> rows(Checkpoint golden) {
        int length = golden.tensor("input_ids").shape().get(1);
        long[] ids = golden.readIntegers("input_ids");
        long[] typeIds = golden.readIntegers("token_type_ids");
        long[] mask = golden.readIntegers("attention_mask");
        List<Golden> rows = new ArrayList<>();
        for (int start = 0; start < ids.length; start += length) {
            int real = (int) Arrays.stream(mask, start, start + length).sum();
            rows.add(new Golden(
                    Arrays.stream(ids, start, start + real)
                            .mapToInt(Math::toIntExact)
                            .toArray(),
                    Arrays.stream(typeIds, start, start + real)
                            .mapToInt(Math::toIntExact)
                            .toArray()));
        }
        return rows;
    }

    private static Tensor golden(Checkpoint golden, String name) {
        int[] shape =
                golden.tensor(name).shape().stream().mapToInt(Integer::intValue).toArray();
        return Tensor.of(heed.tensor.Shape.of(shape), golden.read(name));
    }

    /// Cuts every axis that counts positions to the real ones.
    private static Tensor unpadded(String output, Tensor expected, int length) {
        return switch (expected.shape().rank()) {
            case 4 -> expected.slice(2, 0, length).slice(3, 0, length);
            case 3 -> expected.slice(1, 0, length);
            default -> List.of("start_logits", "end_logits").contains(output) ? expected.slice(1, 0, length) : expected;
        };
    }

    private static void assertRows(Checkpoint golden, String name, Tensor actual, Sequences sequences) {
        Tensor expected = golden(golden, name);
        for (int b = 0; b < sequences.count(); b++) {
            assertClose(
                    name + ", sequence " + b,
                    actual.rows(sequences.start(b), sequences.end(b)),
                    expected.part(b).rows(0, sequences.length(b)),
                    HIDDEN_TOLERANCE);
        }
    }

    private static void assertClose(String what, Tensor actual, Tensor expected, float tolerance) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        assertThat(actual.toArray())
                .as(what)
                .usingComparatorWithPrecision(tolerance)
                .containsExactly(expected.toArray());
    }
}
