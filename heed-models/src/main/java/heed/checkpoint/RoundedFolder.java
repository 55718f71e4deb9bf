package heed.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A model's folder at half its size: the same files, with every number of the weights as the nearest 16-bit
/// float. Whoever opens it computes in 32 bits as before.
public final class RoundedFolder {
    private static final String WEIGHTS = "model.safetensors";
    private static final String CONFIG = "config.json";

    private RoundedFolder() {}

    /// @param target is made, or filled
    /// @throws CheckpointException when there are no weights that can be read
    /// @throws IOException when something cannot be written
    public static void write(Path source, Path target) throws IOException {
        Files.createDirectories(target);
        List<NamedTensor> tensors = new ArrayList<>();
        try (Checkpoint weights = Checkpoints.open(source)) {
            for (Map.Entry<String, TensorInfo> tensor : weights.tensors().entrySet()) {
                String name = tensor.getKey();
                List<Integer> shape = tensor.getValue().shape();
                tensors.add(
                        tensor.getValue().dtype().floating()
                                ? new NamedTensor.Rounded(name, shape, weights.read(name))
                                : NamedTensor.of(name, shape, weights.readIntegers(name)));
            }
        }
        SafetensorsWriter.write(target.resolve(WEIGHTS), tensors);
        ObjectNode config =
                (ObjectNode) JsonMapper.shared().readTree(source.resolve(CONFIG).toFile());
        config.put("dtype", "bfloat16");
        DurableFiles.write(
                target.resolve(CONFIG),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config));
        for (Path file : others(source)) {
            Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// What is neither weights nor their description nor the history of a training.
    private static List<Path> others(Path source) throws IOException {
        try (Stream<Path> files = Files.list(source)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName()
                            .toString()
                            .matches(".*(token|vocab|merges|generation_config|spm|README).*"))
                    .toList();
        }
    }
}
