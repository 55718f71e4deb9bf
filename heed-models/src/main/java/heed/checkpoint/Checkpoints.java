package heed.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Opens weights by what lies there: a file by its name, a folder by the first of the usual files it holds.
public final class Checkpoints {
    /// Where the weights of a folder are looked for, the first that exists is taken.
    private static final List<String> USUAL = List.of(
            "model.safetensors",
            "model.safetensors.index.json",
            "model.onnx",
            "onnx/model.onnx",
            "variables/variables.index",
            "variables.index");

    /// Python pickles: loading one runs whatever code it holds.
    private static final List<String> PICKLES =
            List.of("pytorch_model.bin", "pytorch_model.bin.index.json", "model.pt", "model.pth");

    private Checkpoints() {}

    /// Opens a file, or the weights in a folder.
    ///
    /// @throws CheckpointException when nothing readable is there; the message says what was looked for
    public static Checkpoint open(Path path) {
        Optional<Path> gguf = Gguf.at(path);
        if (gguf.isPresent()) {
            return Gguf.open(gguf.get());
        }
        if (Files.isDirectory(path)) {
            return openFile(find(path));
        }
        if (!Files.exists(path)) {
            throw new CheckpointException(path + ": there is no such file or folder");
        }
        return openFile(path);
    }

    private static Path find(Path folder) {
        for (String name : USUAL) {
            if (Files.exists(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        for (String name : PICKLES) {
            if (Files.exists(folder.resolve(name))) {
                throw pickle(folder.resolve(name));
            }
        }
        throw new CheckpointException(folder + ": no weights in this folder, looked for " + String.join(", ", USUAL));
    }

    private static Checkpoint openFile(Path path) {
        String name = MappedFile.nameOf(path);
        if (name.endsWith(".safetensors")) {
            return Safetensors.open(path);
        }
        if (name.endsWith(".safetensors.index.json")) {
            return ShardedSafetensors.open(path);
        }
        if (name.endsWith(".onnx")) {
            return OnnxInitializers.open(path);
        }
        if (name.endsWith(".index")) {
            return TensorFlowBundle.open(path);
        }
        if (PICKLES.contains(name) || name.matches(".*\\.(bin|pt|pth|pkl)")) {
            throw pickle(path);
        }
        throw new CheckpointException(path
                + ": not a kind of checkpoint that is read here: *.safetensors, *.safetensors.index.json, *.onnx, *.gguf,"
                + " *.index (TensorFlow bundle)");
    }

    private static CheckpointException pickle(Path path) {
        return new CheckpointException(path
                + ": this is a Python pickle, which can run code when it is loaded, so it is not read here;"
                + " convert it to model.safetensors (in Python: model.save_pretrained(folder))");
    }
}
