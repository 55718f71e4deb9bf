package heed.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A result must not tell whether it was computed before or after the compiler had done the vector loops.
class PlainTwinsTest {
    @BeforeEach
    void requireVectors() {
        assertThat(KernelProvider.vector()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 7", "5, 31", "6, 64", "23, 383", "13, 1543"})
    void productsHaveTheSameBits(int rows, int depth) {
        int width = VectorProduct.PANEL_WIDTH;
        SplittableRandom random = new SplittableRandom(rows);
        float[] a = Reference.random(random, rows * (depth + 3) + 5, -2, 2);
        float[] b = Reference.random(random, depth * width + 7, -2, 2);
        float[] addend = Reference.random(random, rows * width, -9, 9);
        float[] plain = new float[rows * (width + 1) + 3];
        float[] vector = plain.clone();

        PlainTwins.multiply(rows, depth, a, 5, depth + 3, 1, b, 7, width, addend, 0, width, plain, 3, width + 1);
        VectorProduct.vectorTile(rows, depth, a, 5, depth + 3, 1, b, 7, addend, 0, width, vector, 3, width + 1);

        assertThat(plain).isEqualTo(vector);
    }

    @Test
    void productsWithATransposedLeftSideHaveTheSameBits() {
        int width = VectorProduct.PANEL_WIDTH;
        SplittableRandom random = new SplittableRandom(3);
        float[] a = Reference.random(random, 11 * 37, -2, 2); // Aᵀ: [37, 11]
        float[] b = Reference.random(random, 37 * width, -2, 2);
        float[] bias = Reference.random(random, width, -9, 9);
        float[] plain = new float[11 * width];
        float[] vector = plain.clone();

        PlainTwins.multiply(11, 37, a, 0, 1, 11, b, 0, width, bias, 0, 0, plain, 0, width);
        VectorProduct.vectorTile(11, 37, a, 0, 1, 11, b, 0, bias, 0, 0, vector, 0, width);

        assertThat(plain).isEqualTo(vector);
    }

    @Test
    void geluHasTheSameBitsEverywhere() {
        SplittableRandom random = new SplittableRandom(4);
        float[] plain = Reference.random(random, 10_007, -12, 12);
        float[] special = {
            0f,
            -0f,
            10,
            -10,
            10.000001f,
            Float.MIN_VALUE,
            -Float.MIN_NORMAL,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN,
            1e-20f,
            -1e-20f
        };
        System.arraycopy(special, 0, plain, 17, special.length);
        float[] vector = plain.clone();

        PlainTwins.gelu(plain, 3, plain.length - 3);
        VectorActivation.vectorGelu(vector, 3, vector.length - 3);

        assertThat(plain).isEqualTo(vector);
    }
}
