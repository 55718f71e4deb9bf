package heed.checkpoint;

import java.util.Map;

/// Named tensors in one or several files. Opening reads the names and shapes and checks that every value lies
/// inside its file; values are read from mapped memory when asked for. Safe for use by several threads until
/// closed.
public interface Checkpoint extends AutoCloseable {
    /// A checkpoint without a tensor, for models that begin with nothing.
    static Checkpoint empty() {
        return new EmptyCheckpoint();
    }

    /// What this is, for messages: the file or folder.
    String description();

    /// All tensors by name, in the order of the file.
    Map<String, TensorInfo> tensors();

    /// What is known of one tensor.
    ///
    /// @throws CheckpointException when there is no such tensor
    default TensorInfo tensor(String name) {
        TensorInfo tensor = tensors().get(name);
        if (tensor == null) {
            String first = tensors().isEmpty()
                    ? ""
                    : ", the first is "
                            + Quoted.of(tensors().keySet().iterator().next());
            throw new CheckpointException(description() + ": no tensor " + Quoted.of(name) + " among its "
                    + tensors().size() + " tensors" + first);
        }
        return tensor;
    }

    /// The values of a tensor in row-major order, widened or narrowed to float.
    ///
    /// @throws CheckpointException when there is no such tensor
    float[] read(String name);

    /// The values of an integer or boolean tensor in row-major order.
    ///
    /// @throws CheckpointException when there is no such tensor, or it holds floating-point numbers
    long[] readIntegers(String name);

    /// Words that the file carries about itself, such as `format` in safetensors; empty for other formats.
    default Map<String, String> metadata() {
        return Map.of();
    }

    /// Unmaps the files, once; closing again does nothing. Arrays that were read stay valid; reading afterwards
    /// throws an [IllegalStateException].
    @Override
    void close();
}
