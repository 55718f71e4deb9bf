package heed.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Digits as sequences of patches.
@NullMarked
class DigitsTest {
    private static final Trial QUICK =
            new Trial(Effort.QUICK, KernelProvider.active().kernels(), WorkerPool.shared(), _ -> {});

    private static String kinds(int count, int pixels) {
        String zeros = IntStream.range(0, pixels).mapToObj(_ -> "0").collect(Collectors.joining(","));
        return IntStream.range(0, count)
                .mapToObj(_ -> "{ \"data\": [" + zeros + "]}")
                .collect(Collectors.joining("\n"));
    }

    @Test
    void everyKindComesWithItsDigits() {
        List<Digit> digits = Digit.parse(kinds(10, 2 * 784));
        assertThat(digits).hasSize(20);
        assertThat(digits.get(5).label()).isEqualTo(2);
        assertThat(digits.getLast().label()).isEqualTo(9);
    }

    @Test
    void whatAreNoDigitsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Digit.parse(kinds(10, 783)))
                .withMessage("the digits of kind 0 have 783 pixels, which is no multiple of 784");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Digit.parse(kinds(9, 784)))
                .withMessage("there are digits of 9 kinds, expected 10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Digit.parse("{\"data\": [0,"))
                .withMessageContaining("the digits are no JSON");
    }

    @Test
    void ninePixelsBecomeTheirMean() {
        float[] pixels = new float[Digit.SIDE * Digit.SIDE];
        pixels[2 * Digit.SIDE + 2] = 0.9f; // the first pixel of the cut-out
        pixels[7 * Digit.SIDE + 25] = 0.45f; // the last column, the second row of squares
        Digit digit = new Digit(pixels, 3);
        float[] small = digit.small(0, 0);
        assertThat(small[0]).isCloseTo(0.1f, within(1e-6f));
        assertThat(small[Digit.SMALL + Digit.SMALL - 1]).isCloseTo(0.05f, within(1e-6f));
        assertThat(digit.small(1, 0)[0]).isZero(); // the cut-out has moved past it
        assertThat(digit.small(-2, -2)[0]).isCloseTo(0.1f, within(1e-6f));
    }

    @Test
    void aPictureIsCutFromLeftToRightAndFromTopToBottom() {
        float[] picture = new float[64];
        for (int i = 0; i < 64; i++) {
            picture[i] = i;
        }
        Tensor patches = PatchClassifier.cut(List.of(new float[64], picture));
        assertThat(patches.shape().toArray()).containsExactly(32, 4);
        assertThat(patches.part(16).toArray()).containsExactly(0, 1, 8, 9);
        assertThat(patches.part(17).toArray()).containsExactly(2, 3, 10, 11);
        assertThat(patches.part(20).toArray()).containsExactly(16, 17, 24, 25);
        assertThat(patches.part(31).toArray()).containsExactly(54, 55, 62, 63);
    }

    @Test
    void withoutPositionsAPictureIsABagOfPatches() {
        SplittableRandom random = new SplittableRandom(1);
        float[] picture = new float[64];
        float[] turned = new float[64]; // its patches in another order
        List<Integer> order = new ArrayList<>(IntStream.range(0, 16).boxed().toList());
        Collections.rotate(order, 5);
        for (int patch = 0; patch < 16; patch++) {
            for (int pixel = 0; pixel < 4; pixel++) {
                float value = (float) random.nextDouble();
                picture[place(patch, pixel)] = value;
                turned[place(order.get(patch), pixel)] = value;
            }
        }
        assertThat(logits(false, picture)).containsExactly(logits(false, turned), within(1e-5f));
        assertThat(Math.abs(logits(true, picture)[0] - logits(true, turned)[0])).isGreaterThan(1e-3f);
    }

    private static int place(int patch, int pixel) {
        return (patch / 4 * 2 + pixel / 2) * 8 + patch % 4 * 2 + pixel % 2;
    }

    private static float[] logits(boolean placed, float[] picture) {
        Compute compute = QUICK.compute();
        return PatchClassifier.fresh(10, 2, 2, 12, placed, 1)
                .logits(List.of(picture), Pass.unwatched(compute))
                .part(0)
                .toArray();
    }

    @Test
    void everyLearnerIsReportedBesideChance() {
        List<Digit> digits = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            float[] pixels = new float[Digit.SIDE * Digit.SIDE];
            pixels[Digit.SIDE * (3 + 2 * (i % 10)) + 9] = 1;
            digits.add(new Digit(pixels, i % 10));
        }
        Finding finding = new Patches(_ -> digits).measure(QUICK);
        assertThat(finding.tables().getFirst().rows())
                .hasSize(9)
                .allSatisfy(row -> assertThat((double) row.get(5)).isBetween(0.0, 1.0));
        assertThat(finding.charts().getFirst().svg()).contains("chance").contains("logistic regression");
        assertThat(finding.summary()).startsWith("Of the held-out digits the encoder has ");
    }
}
