package heed.checkpoint;

import java.util.List;

/// What a checkpoint says of one tensor before it is read.
///
/// @param shape sizes per axis, outermost first; empty for a single number
public record TensorInfo(String name, DType dtype, List<Integer> shape) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /// The number of values; at most what a Java array can hold, readers refuse larger ones.
    public int size() {
        int size = 1;
        for (int axis : shape) {
            size = Math.multiplyExact(size, axis);
        }
        return size;
    }
}
