package heed.checkpoint;

import java.util.ArrayList;
import java.util.List;

/// Collects the shape that a file claims for one tensor and refuses what no array could hold, so that nothing
/// is ever allocated on the word of a damaged header.
final class Axes {
    /// What the runtime can allocate: a few values fewer than an `int` counts.
    private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8L;

    /// As many axes as NumPy allows; real weights have at most five.
    private static final int MOST = 64;

    private final MappedFile file;
    private final String tensor;
    private final List<Integer> axes = new ArrayList<>();
    private long size = 1;

    Axes(MappedFile file, String tensor) {
        this.file = file;
        this.tensor = tensor;
    }

    void add(long axis) {
        if (axis < 0) {
            throw file.tensorRefusal(tensor, "has an axis of size " + axis);
        }
        if (axes.size() == MOST) {
            throw file.tensorRefusal(tensor, "has more than " + MOST + " axes");
        }
        // Both factors are below 2^31, so the product cannot overflow.
        if (axis > LARGEST_ARRAY || size * axis > LARGEST_ARRAY) {
            throw file.tensorRefusal(
                    tensor,
                    "has more values than fit into one array: " + axes + " × " + axis + ", at most " + LARGEST_ARRAY);
        }
        axes.add((int) axis);
        size *= axis;
    }

    List<Integer> shape() {
        return List.copyOf(axes);
    }

    int size() {
        return (int) size;
    }

    /// Checks that as many values are stored as the shape needs.
    void requireValues(long stored) {
        if (stored != size) {
            throw file.tensorRefusal(tensor, "has " + stored + " values, shape " + axes + " needs " + size);
        }
    }

    /// Checks that as many bytes are stored as the shape and type need.
    void requireBytes(DType dtype, long stored) {
        long needed = size * dtype.bytes();
        if (stored != needed) {
            throw file.tensorRefusal(
                    tensor, "has " + stored + " bytes, " + dtype + " of shape " + axes + " needs " + needed);
        }
    }
}
