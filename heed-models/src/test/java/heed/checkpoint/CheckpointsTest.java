package heed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
    @TempDir
    Path folder;

    private Path safetensors(String name, String tensor) throws IOException {
        Path file = folder.resolve(name);
        SafetensorsWriter.write(file, List.of(NamedTensor.of(tensor, List.of(1), new float[] {1})));
        return file;
    }

    private void refuses(Path path, String... reasons) {
        assertThatThrownBy(() -> Checkpoints.open(path).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(reasons)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void opensASafetensorsFileOfAnyName() throws IOException {
        Path file = safetensors("adapter.safetensors", "x");
        try (Checkpoint checkpoint = Checkpoints.open(file)) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("x");
        }
    }

    @Test
    void prefersSafetensorsInAFolder() throws IOException {
        safetensors("model.safetensors", "x");
        Files.writeString(folder.resolve("pytorch_model.bin"), "");
        Files.writeString(folder.resolve("model.onnx"), "");
        Files.writeString(folder.resolve("model.safetensors.index.json"), "");
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("x");
        }
    }

    @Test
    void followsALinkToTheFile() throws IOException {
        Path blob = safetensors("blob", "x");
        Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), blob);
        try (Checkpoint checkpoint = Checkpoints.open(snapshot)) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("x");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pytorch_model.bin", "pytorch_model.bin.index.json", "model.pt"})
    void refusesPicklesAndSaysWhatToDo(String name) throws IOException {
        Files.writeString(folder.resolve(name), "");
        refuses(folder, name, "can run code", "convert it to model.safetensors");
        refuses(folder.resolve(name), name, "can run code", "convert it to model.safetensors");
    }

    @Test
    void saysWhatItLookedForInAnEmptyFolder() {
        refuses(
                folder,
                folder.toString(),
                "no weights in this folder",
                "model.safetensors, model.safetensors.index.json");
    }

    @Test
    void refusesWhatIsNotThere() {
        refuses(folder.resolve("none"), "none: there is no such file or folder");
    }

    @Test
    void refusesAFileOfAnotherKind() throws IOException {
        refuses(Files.writeString(folder.resolve("model.h5"), ""), "model.h5: not a kind of checkpoint");
    }
}
