package heed.kernel;

/// A matrix in an array: element `(i, j)` is `values[offset + i * rowStride + j * columnStride]`. A transpose
/// is the same array with the strides exchanged.
public record MatrixView(float[] values, int offset, int rowStride, int columnStride) {
    /// The same matrix without its first rows and columns.
    MatrixView from(int row, int column) {
        return new MatrixView(values, offset + row * rowStride + column * columnStride, rowStride, columnStride);
    }
}
