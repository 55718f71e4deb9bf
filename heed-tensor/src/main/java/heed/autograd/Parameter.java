package heed.autograd;

import heed.tensor.Tensor;

/// Numbers that are learned, and the sum of their gradients so far.
///
/// @param path where they stand in the model, such as `layers.3.attention.wQ.weight`
/// @param value all of an array, which an optimiser changes
/// @param gradient of the same shape
public record Parameter(String path, Tensor value, Tensor gradient) {
    public Parameter {
        if (value.values().length != value.shape().elements() || value.offset() != 0) {
            throw new IllegalArgumentException("parameter " + path + " is a view, it must be all of its array");
        }
    }

    /// A parameter without gradient yet.
    public static Parameter of(String path, Tensor value) {
        return new Parameter(path, value, Tensor.zeros(value.shape().toArray()));
    }

    public int elements() {
        return value.shape().elements();
    }
}
