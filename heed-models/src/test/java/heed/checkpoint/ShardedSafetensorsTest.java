package heed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedSafetensorsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void writeShards() throws IOException {
        SafetensorsWriter.write(
                folder.resolve("model-00001-of-00002.safetensors"),
                List.of(
                        NamedTensor.of("a", List.of(1), new float[] {1}),
                        NamedTensor.of("unlisted", List.of(1), new float[] {9})));
        SafetensorsWriter.write(
                folder.resolve("model-00002-of-00002.safetensors"),
                List.of(NamedTensor.of("b", List.of(2), new float[] {2, 3})));
    }

    private Path index(String json) throws IOException {
        return Files.writeString(folder.resolve("model.safetensors.index.json"), json);
    }

    private void refuses(String json, String reason) throws IOException {
        Path index = index(json);
        assertThatThrownBy(() -> ShardedSafetensors.open(index).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void severalFilesAreOneCheckpoint() throws IOException {
        Path index = index("""
                {"metadata": {"total_size": 12},
                 "weight_map": {"b": "model-00002-of-00002.safetensors", "a": "model-00001-of-00002.safetensors"}}
                """);
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.description()).isEqualTo(index.toString());
            assertThat(checkpoint.tensors().keySet()).containsExactly("b", "a");
            assertThat(checkpoint.read("a")).containsExactly(1);
            assertThat(checkpoint.read("b")).containsExactly(2, 3);
            assertThat(checkpoint.metadata()).containsEntry("format", "pt");
        }
    }

    @Test
    void refusesAMissingShard() throws IOException {
        refuses(
                "{\"weight_map\":{\"a\":\"model-00003-of-00002.safetensors\"}}",
                "model-00003-of-00002.safetensors: there is no such file in " + folder);
    }

    @Test
    void refusesATensorThatIsNotInItsShard() throws IOException {
        refuses(
                "{\"weight_map\":{\"a\":\"model-00002-of-00002.safetensors\"}}",
                "tensor 'a' is said to be in 'model-00002-of-00002.safetensors', which does not hold it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x.safetensors",
                "/etc/passwd",
                "..",
                ".",
                "",
                "a/b.safetensors",
                "..\\\\x",
                "C:x",
                "x\\u0000y",
                "./model-00001-of-00002.safetensors"
            })
    void refusesAShardOutsideTheFolder(String shard) throws IOException {
        refuses("{\"weight_map\":{\"a\":\"" + shard + "\"}}", "which is not the plain name of a file");
    }

    @Test
    void refusesAnIndexThatSaysSomethingElse() throws IOException {
        refuses("{}", "no weight_map");
        refuses("{\"weight_map\":{}}", "no weight_map, or an empty one");
        refuses("{\"weight_map\":[]}", "weight_map is not a JSON object");
        refuses("{\"weight_map\":{\"a\":1}}", "the file of tensor 'a' is not a string");
        refuses("{\"weight_map\":{\"a\":\"x\",\"a\":\"y\"}}", "Duplicate");
        refuses("[", "not a JSON object");
        refuses("", "not a JSON object");
    }

    @Test
    void refusesABrokenShardByItsName() throws IOException {
        Files.write(folder.resolve("broken.safetensors"), new byte[] {1, 2, 3});
        refuses("{\"weight_map\":{\"a\":\"broken.safetensors\"}}", "broken.safetensors: the file has 3 bytes");
    }
}
