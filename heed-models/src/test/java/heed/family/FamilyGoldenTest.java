package heed.family;

import static org.assertj.core.api.Assertions.assertThat;

import heed.family.GoldenFolder.Row;
import heed.generation.Decoding;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.model.DecodingSession;
import heed.model.Model;
import heed.model.Models;
import heed.model.Outputs;
import heed.pass.Watch;
import heed.task.Continuation;
import heed.task.TextGenerator;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Tiny checkpoints of encoders, and of encoders with a decoder, against what Hugging Face computes for them.
/// `src/test/golden` says how the files were made and what each case is for.
class FamilyGoldenTest {
    private static final float TOLERANCE = 5e-5f;

    private static final float WEIGHT_TOLERANCE = 5e-6f;

    private static final Map<String, List<String>> CASES = Map.of(
            "roberta",
            List.of(
                    "base",
                    "padding-idx",
                    "masked-lm",
                    "untied",
                    "sequence-classification",
                    "token-classification",
                    "question-answering"),
            "xlm-roberta",
            List.of("masked-lm", "sequence-classification"),
            "distilbert",
            List.of(
                    "base",
                    "sinusoidal",
                    "masked-lm",
                    "sequence-classification",
                    "token-classification",
                    "question-answering"),
            "electra",
            List.of(
                    "base",
                    "same-size",
                    "discriminator",
                    "generator",
                    "sequence-classification",
                    "token-classification",
                    "question-answering"),
            "t5",
            List.of(
                    "base",
                    "tied",
                    "flan",
                    "untied",
                    "legacy-names",
                    "encoder",
                    "sequence-classification",
                    "token-classification",
                    "question-answering"),
            "marian",
            List.of("shared", "separate", "odd", "legacy-names"),
            "bart",
            List.of("base", "conditional", "legacy-names", "sequence-classification", "question-answering"),
            "mbart",
            List.of("conditional", "sequence-classification"),
            "mt5",
            List.of("conditional"));

    private static final Map<String, List<String>> WRITERS = Map.of(
            "t5", List.of("tied", "flan", "untied", "legacy-names"),
            "marian", List.of("shared", "separate", "legacy-names"),
            "bart", List.of("conditional", "legacy-names"),
            "mbart", List.of("conditional"),
            "mt5", List.of("conditional"));

    static Stream<Arguments> casesAndKernels() {
        return product(CASES);
    }

    static Stream<Arguments> writersAndKernels() {
        return product(WRITERS);
    }

    private static Stream<Arguments> product(Map<String, List<String>> cases) {
        return cases.entrySet().stream()
                .flatMap(family -> family.getValue().stream()
                        .flatMap(name -> GoldenFolder.allKernels().stream()
                                .map(kernels -> Arguments.of(family.getKey(), name, kernels))));
    }

    @ParameterizedTest
    @MethodSource("casesAndKernels")
    void everyOutputOfASequenceIsWhatHuggingFaceComputes(String family, String name, Kernels kernels) {
        GoldenFolder golden = GoldenFolder.of(family, name);
        try (WorkerPool workers = WorkerPool.of(1);
                Model model = Models.open(name, golden.folder(), kernels, workers)) {
            for (int b = 0; b < golden.rows().size(); b++) {
                Row row = golden.rows().get(b);
                TokenBatch source = TokenBatch.of(List.of(row.ids()), List.of(row.typeIds()));
                TokenBatch target = row.target() == null ? null : TokenBatch.of(row.target());
                Map<String, Tensor> outputs = Outputs.of(model, source, target, true, true);
                for (String output : golden.outputs().keySet()) {
                    assertThat(outputs).as("outputs of %s/%s", family, name).containsKey(output);
                    golden.assertRow(
                            output,
                            b,
                            Objects.requireNonNull(outputs.get(output)),
                            output.contains("attentions.") ? WEIGHT_TOLERANCE : TOLERANCE);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("casesAndKernels")
    void aRaggedBatchIsWhatHuggingFaceComputesForAPaddedOne(String family, String name, Kernels kernels) {
        GoldenFolder golden = GoldenFolder.of(family, name);
        String last = golden.outputs().containsKey("encoder_last_hidden_state")
                ? "encoder_last_hidden_state"
                : "last_hidden_state";
        try (WorkerPool workers = WorkerPool.of(2);
                Model model = Models.open(name, golden.folder(), kernels, workers)) {
            TokenBatch batch = TokenBatch.of(
                    golden.rows().stream().map(Row::ids).toList(),
                    golden.rows().stream().map(Row::typeIds).toList());
            Tensor hidden =
                    model.run(pass -> model.network().encode(batch, pass).copy());
            Sequences sequences = batch.sequences();
            for (int b = 0; golden.outputs().containsKey(last) && b < sequences.count(); b++) {
                Tensor row = hidden.rows(sequences.start(b), sequences.end(b)).copy();
                golden.assertRow(last, b, row.reshape(1, row.size(0), row.size(1)), TOLERANCE);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("writersAndKernels")
    void everyStepOfASessionGivesTheScoresThatHuggingFaceComputesWithoutOne(
            String family, String name, Kernels kernels) {
        GoldenFolder golden = GoldenFolder.of(family, name);
        Tensor expected = Objects.requireNonNull(golden.outputs().get("logits")); // [B, T, V]
        try (WorkerPool workers = WorkerPool.of(1);
                Model model = Models.open(name, golden.folder(), kernels, workers)) {
            for (int b = 0; b < golden.rows().size(); b++) {
                Row row = golden.rows().get(b);
                int[] target = Objects.requireNonNull(row.target());
                DecodingSession session = model.decode(List.of(row.ids()), Watch.NONE);
                Tensor logits = session.prefill(List.of(Arrays.copyOf(target, 2)));
                for (int position = 1; position < target.length; position++) {
                    assertThat(logits.toArray())
                            .as("%s/%s, row %d, position %d", family, name, b, position)
                            .usingComparatorWithPrecision(TOLERANCE)
                            .containsExactly(expected.part(b).part(position).toArray());
                    logits = position + 1 < target.length ? session.step(target[position + 1]) : logits;
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("writersAndKernels")
    void continuationsOfABatchAreThoseOfHuggingFaceGreedilyAndWithBeams(String family, String name, Kernels kernels) {
        GoldenFolder golden = GoldenFolder.of(family, name);
        List<int[]> sources = golden.rows().stream().map(Row::ids).toList();
        Map<String, Decoding> decodings = Map.of("greedy", Decoding.greedy(), "beams", Decoding.beams(3));
        try (WorkerPool workers = WorkerPool.of(2);
                Model model = Models.open(name, golden.folder(), kernels, workers)) {
            decodings.forEach((kind, decoding) -> {
                List<List<Continuation>> written =
                        new TextGenerator(model, decoding.maxNewTokens(9)).generateTokens(sources);
                for (int b = 0; b < sources.size(); b++) {
                    int[] expected = Objects.requireNonNull(golden.integers().get("generated." + kind + "." + b));
                    assertThat(written.get(b).getFirst().ids())
                            .as("%s/%s, %s, row %d", family, name, kind, b)
                            .containsExactly(
                                    Arrays.copyOfRange(expected, 1, expected.length)); // behind the start token
                }
            });
        }
    }
}
