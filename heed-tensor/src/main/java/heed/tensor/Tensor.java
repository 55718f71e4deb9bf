package heed.tensor;

import java.util.Arrays;
import java.util.Objects;

/// Floats with a [Shape]. A tensor is a view: an array, an offset into it, and a stride per axis, so that rows,
/// columns and transposes of a matrix cost nothing and heads are columns of a token-major matrix.
///
/// The arithmetic here is written to be read and to referee: plain loops, sums in double precision. Passes
/// through models run on [Compute].
public final class Tensor {
    private final float[] values;
    private final int offset;
    private final Shape shape;
    private final int[] strides;

    private Tensor(float[] values, int offset, Shape shape, int[] strides) {
        this.values = values;
        this.offset = offset;
        this.shape = shape;
        this.strides = strides;
    }

    /// Wraps `values` in row-major order, without a copy; the array may be longer than the shape needs.
    public static Tensor of(Shape shape, float... values) {
        Objects.requireNonNull(values, "values");
        if (values.length < shape.elements()) {
            throw new IllegalArgumentException(
                    "shape " + shape + " needs " + shape.elements() + " values, got " + values.length);
        }
        return new Tensor(values, 0, shape, shape.rowMajorStrides());
    }

    public static Tensor zeros(int... sizes) {
        Shape shape = Shape.of(sizes);
        return of(shape, new float[shape.elements()]);
    }

    /// A matrix of the given rows.
    public static Tensor matrix(float[]... rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        Tensor matrix = zeros(rows.length, columns);
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != columns) {
                throw new IllegalArgumentException(
                        "row " + i + " has " + rows[i].length + " values, row 0 has " + columns);
            }
            System.arraycopy(rows[i], 0, matrix.values, i * columns, columns);
        }
        return matrix;
    }

    public Shape shape() {
        return shape;
    }

    /// The size of an axis; negative axes count from the last.
    public int size(int axis) {
        return shape.size(axis);
    }

    /// The array behind this view: element `(i, j, …)` is `values()[offset() + i * stride(0) + j * stride(1) +
    /// …]`.
    public float[] values() {
        return values;
    }

    public int offset() {
        return offset;
    }

    public int stride(int axis) {
        return strides[axis < 0 ? axis + strides.length : axis];
    }

    /// Whether the elements follow each other without gaps in row-major order.
    public boolean contiguous() {
        int[] dense = shape.rowMajorStrides();
        for (int axis = 0; axis < dense.length; axis++) {
            if (shape.size(axis) > 1 && strides[axis] != dense[axis]) {
                return false;
            }
        }
        return true;
    }

    public float at(int... index) {
        return values[position(index)];
    }

    public void set(float value, int... index) {
        values[position(index)] = value;
    }

    private int position(int... index) {
        if (index.length != shape.rank()) {
            throw new IllegalArgumentException(
                    "shape " + shape + " has " + shape.rank() + " axes, got index " + Arrays.toString(index));
        }
        int position = offset;
        for (int axis = 0; axis < index.length; axis++) {
            position += Objects.checkIndex(index[axis], shape.size(axis)) * strides[axis];
        }
        return position;
    }

    /// The same view of another array, as a gradient is laid out like what it belongs to.
    public Tensor over(float[] other) {
        return new Tensor(other, offset, shape, strides);
    }

    /// The part `from` (inclusive) to `to` (exclusive) along an axis, as a view.
    public Tensor slice(int axis, int from, int to) {
        Objects.checkFromToIndex(from, to, size(axis));
        int index = axis < 0 ? axis + shape.rank() : axis;
        int[] sizes = shape.toArray();
        sizes[index] = to - from;
        return new Tensor(values, offset + from * strides[index], Shape.of(sizes), strides);
    }

    /// Rows `from` (inclusive) to `to` (exclusive), as a view.
    public Tensor rows(int from, int to) {
        return slice(0, from, to);
    }

    /// Columns `from` (inclusive) to `to` (exclusive), as a view.
    public Tensor columns(int from, int to) {
        return slice(-1, from, to);
    }

    /// The element `index` along the outermost axis, which is dropped: a view.
    public Tensor part(int index) {
        Objects.checkIndex(index, size(0));
        int[] sizes = shape.toArray();
        return new Tensor(
                values,
                offset + index * strides[0],
                Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length)),
                Arrays.copyOfRange(strides, 1, strides.length));
    }

    /// The last two axes exchanged, as a view.
    public Tensor transpose() {
        if (shape.rank() < 2) {
            throw new IllegalArgumentException("a transpose needs two axes, shape is " + shape);
        }
        int[] sizes = shape.toArray();
        int[] turned = strides.clone();
        int last = sizes.length - 1;
        sizes[last] = shape.size(last - 1);
        sizes[last - 1] = shape.size(last);
        turned[last] = strides[last - 1];
        turned[last - 1] = strides[last];
        return new Tensor(values, offset, Shape.of(sizes), turned);
    }

    /// The same elements under another shape, as a view.
    public Tensor reshape(int... sizes) {
        Shape target = Shape.of(sizes);
        if (target.elements() != shape.elements()) {
            throw new IllegalArgumentException(
                    shape + " has " + shape.elements() + " elements, " + target + " has " + target.elements());
        }
        if (!contiguous()) {
            throw new IllegalStateException("a " + shape + " view with gaps cannot be reshaped, copy it first");
        }
        return new Tensor(values, offset, target, target.rowMajorStrides());
    }

    /// The matrix product `[M, K] · [K, N] → [M, N]`.
    public Tensor matmul(Tensor other) {
        requireMatrix("left", this);
        requireMatrix("right", other);
        if (size(1) != other.size(0)) {
            throw new IllegalArgumentException("cannot multiply " + shape + " by " + other.shape + ": " + size(1)
                    + " columns, " + other.size(0) + " rows");
        }
        Tensor product = zeros(size(0), other.size(1));
        for (int i = 0; i < size(0); i++) {
            for (int j = 0; j < other.size(1); j++) {
                double sum = 0;
                for (int k = 0; k < size(1); k++) {
                    sum += (double) values[offset + i * strides[0] + k * strides[1]]
                            * other.values[other.offset + k * other.strides[0] + j * other.strides[1]];
                }
                product.set((float) sum, i, j);
            }
        }
        return product;
    }

    /// Every element multiplied by `factor`.
    public Tensor times(float factor) {
        Tensor result = copy();
        for (int i = 0; i < shape.elements(); i++) {
            result.values[i] *= factor;
        }
        return result;
    }

    /// The elementwise sum of two tensors of one shape.
    public Tensor plus(Tensor other) {
        if (!shape.equals(other.shape)) {
            throw new IllegalArgumentException("cannot add " + other.shape + " to " + shape);
        }
        Tensor result = copy();
        float[] addend = other.toArray();
        for (int i = 0; i < addend.length; i++) {
            result.values[i] += addend[i];
        }
        return result;
    }

    /// Softmax over the last axis: `exp(x - max) / Σ exp(x - max)`. A row that is `-∞` throughout becomes
    /// zeros: where nothing can be seen, nothing is taken.
    public Tensor softmax() {
        Tensor result = copy();
        int width = size(-1);
        for (int start = 0; start < shape.elements(); start += width) {
            double max = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < width; i++) {
                max = Math.max(max, result.values[start + i]);
            }
            double sum = 0;
            double[] exponentials = new double[width];
            for (int i = 0; i < width; i++) {
                exponentials[i] = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(result.values[start + i] - max);
                sum += exponentials[i];
            }
            for (int i = 0; i < width; i++) {
                result.values[start + i] = sum == 0 ? 0 : (float) (exponentials[i] / sum);
            }
        }
        return result;
    }

    /// `log Σ exp(x)` over the last axis, which goes: `[…, n] → […]`. A row that is `-∞` throughout gives `-∞`.
    public Tensor logSumExp() {
        int width = size(-1);
        float[] rows = toArray();
        int[] sizes = shape.toArray();
        Tensor result = zeros(Arrays.copyOf(sizes, sizes.length - 1));
        for (int row = 0; row < result.values.length; row++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int i = row * width; i < (row + 1) * width; i++) {
                max = Math.max(max, rows[i]);
            }
            double sum = 0;
            for (int i = row * width; i < (row + 1) * width; i++) {
                sum += Math.exp(rows[i] - max);
            }
            result.values[row] = (float) (max == Double.NEGATIVE_INFINITY ? max : max + Math.log(sum));
        }
        return result;
    }

    /// A tensor of the same shape and values with an array of its own.
    public Tensor copy() {
        return of(shape, toArray());
    }

    /// The elements in row-major order in a new array of exactly that length.
    public float[] toArray() {
        float[] result = new float[shape.elements()];
        if (result.length == 0) {
            return result; // an empty view may start behind the end of its array
        }
        if (contiguous()) {
            System.arraycopy(values, offset, result, 0, result.length);
        } else {
            fill(result, 0, 0, offset);
        }
        return result;
    }

    private int fill(float[] target, int next, int axis, int position) {
        if (axis == shape.rank()) {
            target[next] = values[position];
            return next + 1;
        }
        int to = next;
        for (int i = 0; i < shape.size(axis); i++) {
            to = fill(target, to, axis + 1, position + i * strides[axis]);
        }
        return to;
    }

    private static void requireMatrix(String role, Tensor tensor) {
        if (tensor.shape.rank() != 2) {
            throw new IllegalArgumentException("the " + role + " operand is no matrix, its shape is " + tensor.shape);
        }
    }

    /// The shape and the first values, for messages.
    @Override
    public String toString() {
        float[] all = toArray();
        String head = Arrays.toString(Arrays.copyOf(all, Math.min(all.length, 8)));
        return shape + " " + (all.length > 8 ? head.substring(0, head.length() - 1) + ", …]" : head);
    }
}
