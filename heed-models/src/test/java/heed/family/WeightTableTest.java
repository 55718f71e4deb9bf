package heed.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.CheckpointException;
import heed.checkpoint.Checkpoints;
import heed.checkpoint.NamedTensor;
import heed.checkpoint.SafetensorsWriter;
import heed.kernel.KernelProvider;
import heed.kernel.WeightFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightTableTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static final WeightFormat FORMAT = WeightFormat.f32(KernelProvider.scalar());

    private static final WeightTable TABLE = new WeightTable()
            .row("layers.0.wQ.weight", "encoder.layer.0.attention.self.query.weight", 2, 3)
            .row("layers.0.norm.bias", "encoder.layer.0.LayerNorm.bias", 3)
            .optional("pooler", "pooler.weight", "pooler.dense.weight", 3, 3)
            .optional("pooler", "pooler.bias", "pooler.dense.bias", 3)
            .ignore("embeddings\\.position_ids", "a buffer");

    private static NamedTensor floats(String name, int... shape) {
        int size = java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = i;
        }
        return NamedTensor.of(name, java.util.Arrays.stream(shape).boxed().toList(), values);
    }

    private Checkpoint checkpoint(NamedTensor... tensors) throws IOException {
        Path file = folder.resolve("model.safetensors");
        SafetensorsWriter.write(file, List.of(tensors));
        return Checkpoints.open(file);
    }

    private static ParameterSource frozen(Checkpoint checkpoint) {
        return new ParameterSource.Frozen(checkpoint, FORMAT);
    }

    @Test
    void fillsEveryParameterUnderAnyOfItsNames() throws IOException {
        try (Checkpoint checkpoint = checkpoint(
                floats("bert.encoder.layer.0.attention.self.query.weight", 2, 3),
                floats("bert.encoder.layer.0.LayerNorm.beta", 3),
                NamedTensor.of("bert.embeddings.position_ids", List.of(1, 2), new long[] {0, 1}))) {
            Parameters parameters = TABLE.bind(frozen(checkpoint), Naming.BERT);
            assertThat(parameters.tensor("layers.0.wQ.weight").at(1, 2)).isEqualTo(5);
            assertThat(parameters.has("pooler.weight")).isFalse();
        }
    }

    @Test
    void turnsKernelsOfTensorFlowAround() throws IOException {
        try (Checkpoint checkpoint = checkpoint(
                floats("module/bert/encoder/layer_0/attention/self/query/kernel", 3, 2),
                floats("module/bert/encoder/layer_0/LayerNorm/beta", 3))) {
            Parameters parameters = TABLE.bind(frozen(checkpoint), Naming.ofBert(checkpoint));
            assertThat(parameters.tensor("layers.0.wQ.weight").toArray()).containsExactly(0, 2, 4, 1, 3, 5);
        }
    }

    @Test
    void namesAllMisfitsAtOnce() throws IOException {
        try (Checkpoint checkpoint = checkpoint(
                floats("encoder.layer.0.attention.self.query.weight", 3, 2),
                floats("encoder.layer.0.LayerNorm.baas", 3),
                floats("pooler.dense.weight", 3, 3))) {
            assertThatThrownBy(() -> TABLE.bind(frozen(checkpoint), Naming.BERT))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("'encoder.layer.0.attention.self.query.weight' has shape [3, 2]")
                    .hasMessageContaining("config.json says [2, 3]")
                    .hasMessageContaining("missing 'encoder.layer.0.LayerNorm.bias' [3] (nearest is"
                            + " 'encoder.layer.0.LayerNorm.baas')")
                    .hasMessageContaining("missing 'pooler.dense.bias' [3]")
                    .hasMessageContaining("unexpected 'encoder.layer.0.LayerNorm.baas'")
                    .message()
                    .doesNotContain("\n");
        }
    }

    @Test
    void refusesTwoSpellingsOfOneTensor() throws IOException {
        try (Checkpoint checkpoint = checkpoint(
                floats("encoder.layer.0.attention.self.query.weight", 2, 3),
                floats("encoder.layer.0.LayerNorm.bias", 3),
                floats("bert.encoder.layer.0.LayerNorm.bias", 3))) {
            assertThatThrownBy(() -> TABLE.bind(frozen(checkpoint), Naming.BERT))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("are the same tensor under two names");
        }
    }

    @Test
    void refusesIntegersAsParameters() throws IOException {
        try (Checkpoint checkpoint = checkpoint(
                NamedTensor.of("encoder.layer.0.attention.self.query.weight", List.of(2, 3), new long[6]),
                floats("encoder.layer.0.LayerNorm.bias", 3))) {
            assertThatThrownBy(() -> TABLE.bind(frozen(checkpoint), Naming.BERT))
                    .hasMessageContaining("holds I64, a parameter is a floating-point number");
        }
    }
}
