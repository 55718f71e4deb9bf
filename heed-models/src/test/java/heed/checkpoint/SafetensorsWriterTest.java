package heed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Path file = folder.resolve("model.safetensors");
        float[] special = {Float.NaN, -0f, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, Float.MAX_VALUE, 1};
        SafetensorsWriter.write(
                file,
                List.of(
                        NamedTensor.of("weights", List.of(2, 3), special),
                        NamedTensor.of("ids", List.of(3), new long[] {Long.MIN_VALUE, 0, Long.MAX_VALUE}),
                        NamedTensor.of("scalar", List.of(), new float[] {7}),
                        NamedTensor.of("empty", List.of(5, 0), new float[0]),
                        NamedTensor.of("a \"quoted\" näme 🙂", List.of(1), new float[] {1})));
        try (Checkpoint checkpoint = Checkpoints.open(file)) {
            assertThat(checkpoint.metadata()).isEqualTo(Map.of("format", "pt"));
            assertThat(checkpoint.tensors())
                    .containsOnlyKeys("ids", "weights", "scalar", "empty", "a \"quoted\" näme 🙂");
            assertThat(checkpoint.tensor("weights").shape()).containsExactly(2, 3);
            assertThat(checkpoint.tensor("ids").dtype()).isEqualTo(DType.I64);
            assertThat(checkpoint.read("weights")).containsExactly(special);
            assertThat(checkpoint.readIntegers("ids")).containsExactly(Long.MIN_VALUE, 0, Long.MAX_VALUE);
            assertThat(checkpoint.read("scalar")).containsExactly(7);
            assertThat(checkpoint.read("empty")).isEmpty();
        }
    }

    @Test
    void roundedNumbersAreTheNearestOfSixteenBits() throws IOException {
        Path file = folder.resolve("rounded.safetensors");
        float step = 1f / 128; // between two such numbers from 1 to 2
        float[] values = {
            1 + step,
            1 + 0.4f * step,
            1 + 0.6f * step,
            1 + 0.5f * step,
            1 + 1.5f * step,
            -1 - 0.5f * step,
            0,
            -0f,
            Float.NaN,
            Float.NEGATIVE_INFINITY,
            Float.MAX_VALUE
        };
        SafetensorsWriter.write(file, List.of(new NamedTensor.Rounded("w", List.of(values.length), values)));
        try (Checkpoint checkpoint = Checkpoints.open(file)) {
            assertThat(checkpoint.tensor("w").dtype()).isEqualTo(DType.BF16);
            assertThat(checkpoint.read("w"))
                    .containsExactly(
                            1 + step,
                            1,
                            1 + step,
                            1,
                            1 + 2 * step,
                            -1,
                            0,
                            -0f,
                            Float.NaN,
                            Float.NEGATIVE_INFINITY,
                            Float.POSITIVE_INFINITY);
        }
    }

    @Test
    void aRoundedFolderHasHalfTheBytesAndOpensAsBefore() throws IOException {
        Path source = Path.of("src/test/resources/golden/generation/marian");
        Path target = folder.resolve("rounded");
        RoundedFolder.write(source, target);
        assertThat(target.resolve("config.json")).content().contains("\"dtype\" : \"bfloat16\"");
        assertThat(target.resolve("tokenizer.json")).hasSameTextualContentAs(source.resolve("tokenizer.json"));
        try (Checkpoint before = Checkpoints.open(source);
                Checkpoint after = Checkpoints.open(target)) {
            assertThat(after.tensors().keySet()).isEqualTo(before.tensors().keySet());
            for (String name : before.tensors().keySet()) {
                float[] exact = before.read(name);
                float[] rounded = after.read(name);
                for (int i = 0; i < exact.length; i++) {
                    assertThat(rounded[i]).isCloseTo(exact[i], within(Math.abs(exact[i]) / 256));
                }
            }
        }
    }

    @Test
    void tensorsLargerThanTheBufferArriveWhole() throws IOException {
        Path file = folder.resolve("large.safetensors");
        var floats = new float[600_001];
        var integers = new long[600_001];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = i;
            integers[i] = -i;
        }
        SafetensorsWriter.write(
                file,
                List.of(
                        NamedTensor.of("f", List.of(floats.length), floats),
                        NamedTensor.of("i", List.of(integers.length), integers)));
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            assertThat(checkpoint.read("f")).isEqualTo(floats);
            assertThat(checkpoint.readIntegers("i")).isEqualTo(integers);
        }
    }

    @Test
    void valuesBeginAtAMultipleOfEightBytesWidestFirst() throws IOException {
        Path file = folder.resolve("model.safetensors");
        SafetensorsWriter.write(
                file,
                List.of(NamedTensor.of("f", List.of(1), new float[] {1}), NamedTensor.of("i", List.of(1), new long[] {2
                })));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getLong(0) % 8).isZero();
        assertThat(bytes.getLong((int) (8 + bytes.getLong(0)))).isEqualTo(2);
    }

    @Test
    void replacesAFileAndLeavesNothingElseBehind() throws IOException {
        Path file = folder.resolve("model.safetensors");
        SafetensorsWriter.write(file, List.of(NamedTensor.of("old", List.of(1), new float[] {1})));
        SafetensorsWriter.write(
                file, List.of(NamedTensor.of("new", List.of(1), new float[] {1})), Map.of("step", "12"));
        try (Checkpoint checkpoint = Safetensors.open(file);
                Stream<Path> files = Files.list(folder)) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("new");
            assertThat(checkpoint.metadata()).isEqualTo(Map.of("step", "12"));
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFileThatCannotBeWrittenLeavesNothingBehind() throws IOException {
        Path target = folder.resolve("model.safetensors");
        Files.createDirectories(target.resolve("occupied"));
        assertThatThrownBy(() -> SafetensorsWriter.write(target, List.of())).isInstanceOf(IOException.class);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(target);
        }
    }

    @Test
    void refusesANameThatIsTaken() {
        NamedTensor tensor = NamedTensor.of("x", List.of(1), new float[] {1});
        NamedTensor metadata = NamedTensor.of("__metadata__", List.of(1), new float[] {1});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafetensorsWriter.write(folder.resolve("x"), List.of(tensor, tensor)))
                .withMessage("tensor 'x' cannot be written: the name is taken");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafetensorsWriter.write(folder.resolve("x"), List.of(metadata)))
                .withMessageContaining("__metadata__");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesAShapeThatDoesNotFitTheValues() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NamedTensor.of("x", List.of(2, 3), new float[5]))
                .withMessage("tensor 'x' has 5 values, shape [2, 3] needs 6");
        assertThatIllegalArgumentException().isThrownBy(() -> NamedTensor.of("x", List.of(-1, -1), new float[1]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NamedTensor.of("x", List.of(1 << 30, 1 << 30, 1 << 30, 16), new float[0]));
    }
}
