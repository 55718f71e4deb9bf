package heed.model;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.Checkpoints;
import heed.family.ModelConfig;
import heed.family.Network;
import heed.family.ParameterSource;
import heed.hub.Hub;
import heed.hub.Progress;
import heed.kernel.Kernels;
import heed.kernel.WeightFormat;
import heed.kernel.WorkerPool;
import heed.tensor.Heap;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.text.Tokenizers;
import heed.training.Initializer;
import java.nio.file.Path;
import java.util.Optional;

/// Opens models.
public final class Models {
    /// Devlin et al. 2019 (published code, `initializer_range`).
    private static final double BEGINNING = 0.02;

    private Models() {}

    /// Opens a model by reference: a folder, an alias of the catalogue such as `minilm`, or
    /// `maven:group:artifact:version`. A model that is not cached yet is fetched first.
    ///
    /// @throws IllegalArgumentException when it cannot be found, fetched or read, with the reason in one line
    public static Model open(String reference) {
        return open(reference, ModelOptions.defaults());
    }

    /// As [#open(String)], telling how far a download is.
    public static Model open(String reference, Progress progress) {
        return open(reference, ModelOptions.defaults().withProgress(progress));
    }

    /// As [#open(String)], with weights, threads and more of the caller's choice.
    ///
    /// @throws IllegalArgumentException also when the options cannot be met on this machine
    public static Model open(String reference, ModelOptions options) {
        options.weightFormat(); // what cannot be met need not be fetched
        Tokenizers.prepare();
        Path folder = Hub.standard().fetch(reference, options.progress());
        boolean isFolder = !reference.startsWith("maven:") && folder.equals(Path.of(reference));
        return isFolder ? open(folder, options) : open(reference, folder, options);
    }

    /// Opens the model in a folder: `config.json`, weights as safetensors, ONNX or TensorFlow bundle, and
    /// usually a tokenizer. A folder with `adapter_config.json` has only what was learned beside another model,
    /// which it names.
    ///
    /// @throws IllegalArgumentException when it cannot be read, with the reason in one line
    public static Model open(Path folder) {
        return open(folder, ModelOptions.defaults());
    }

    /// As [#open(Path)], with weights, threads and more of the caller's choice.
    ///
    /// @throws IllegalArgumentException also when the options cannot be met on this machine
    public static Model open(Path folder, ModelOptions options) {
        Path last = folder.toAbsolutePath().normalize().getFileName();
        return open(last == null ? folder.toString() : last.toString(), folder, options);
    }

    /// Opens the model in a folder on kernels and threads of the caller's choice.
    public static Model open(String name, Path folder, Kernels kernels, WorkerPool workers) {
        return open(name, folder, ModelOptions.defaults().withKernels(kernels).withWorkers(workers));
    }

    /// Opens the model in a folder under another name.
    public static Model open(String name, Path folder, ModelOptions options) {
        WeightFormat format = options.weightFormat();
        ModelConfig config = ModelConfig.read(folder);
        Optional<Adapter> adapter = Adapter.in(folder);
        try (Checkpoint checkpoint =
                adapter.isPresent() ? adapter.get().open(options.progress()) : Checkpoints.open(folder)) {
            Heap.require(floatBytes(checkpoint), "opening " + name);
            Network network = Network.load(config, new ParameterSource.Frozen(checkpoint, format));
            return new Model(name, folder, network, format, options.kernels(), options.workers());
        }
    }

    /// A model of the same configuration and tokenizer whose parameters are drawn, not learned: what a
    /// structure does before it knows anything. Matrices are normal with a deviation of 0.02, as BERT and GPT-2
    /// begin, gains 1 and biases 0.
    ///
    /// @param seed the same one draws the same parameters
    public static Model untrained(Model like, long seed) {
        ParameterSource source =
                new ParameterSource.Drawn((path, shape) -> Optional.of(begun(path, shape, seed)), like.weights());
        return new Model(
                like.name() + " with random weights",
                like.folder(),
                Network.load(like.config(), source),
                like.weights(),
                like.kernels(),
                like.workers());
    }

    private static Tensor begun(String path, Shape shape, long seed) {
        if (shape.rank() > 1) {
            return new Initializer(31 * seed + path.hashCode()).normal(BEGINNING, shape.toArray());
        }
        return Initializer.constant(path.endsWith(".weight") ? 1 : 0, shape.toArray());
    }

    /// Bytes of all parameters as floats, which is what they are while they are read. What becomes smaller
    /// afterwards makes up for matrices that are there twice meanwhile.
    private static long floatBytes(Checkpoint checkpoint) {
        return checkpoint.tensors().values().stream()
                .filter(tensor -> tensor.dtype().floating())
                .mapToLong(tensor -> (long) Float.BYTES * tensor.size())
                .sum();
    }
}
