package heed.tensor;

import java.util.Arrays;

/// The sizes of a tensor, outermost axis first.
public final class Shape {
    private final int[] sizes;

    private Shape(int[] sizes) {
        this.sizes = sizes;
    }

    /// @throws IllegalArgumentException when a size is negative or the number of elements exceeds an array
    public static Shape of(int... sizes) {
        long elements = 1;
        for (int size : sizes) {
            if (size < 0) {
                throw new IllegalArgumentException("a shape has no negative sizes, got " + Arrays.toString(sizes));
            }
            elements *= size;
            if (elements > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException(Arrays.toString(sizes) + " has more elements than an array holds");
            }
        }
        return new Shape(sizes.clone());
    }

    public int rank() {
        return sizes.length;
    }

    /// The size of an axis; negative axes count from the last, `-1`.
    public int size(int axis) {
        int index = axis < 0 ? axis + sizes.length : axis;
        if (index < 0 || index >= sizes.length) {
            throw new IllegalArgumentException("shape " + this + " has no axis " + axis);
        }
        return sizes[index];
    }

    public int elements() {
        int elements = 1;
        for (int size : sizes) {
            elements *= size;
        }
        return elements;
    }

    /// The distances between neighbours along each axis of a tensor stored without gaps.
    int[] rowMajorStrides() {
        int[] strides = new int[sizes.length];
        int stride = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= sizes[axis];
        }
        return strides;
    }

    public int[] toArray() {
        return sizes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    /// `[2, 3]`
    @Override
    public String toString() {
        return Arrays.toString(sizes);
    }
}
