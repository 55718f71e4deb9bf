package heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void aShapeKnowsItsSizes() {
        Shape shape = Shape.of(2, 3, 5);

        assertThat(shape.rank()).isEqualTo(3);
        assertThat(shape.elements()).isEqualTo(30);
        assertThat(shape.toArray()).containsExactly(2, 3, 5);
        assertThat(shape).hasToString("[2, 3, 5]");
    }

    @Test
    void negativeAxesCountFromTheLast() {
        Shape shape = Shape.of(2, 3, 5);

        assertThat(shape.size(-1)).isEqualTo(shape.size(2)).isEqualTo(5);
        assertThat(shape.size(-3)).isEqualTo(shape.size(0)).isEqualTo(2);
    }

    @Test
    void aShapeWithoutAxesHasOneElement() {
        assertThat(Shape.of().elements()).isEqualTo(1);
        assertThat(Shape.of().rank()).isZero();
    }

    @Test
    void aShapeWithAnEmptyAxisHasNoElements() {
        assertThat(Shape.of(7, 0, 3).elements()).isZero();
    }

    @Test
    void stridesAreTheElementsOfTheInnerAxes() {
        assertThat(Shape.of(2, 3, 5).rowMajorStrides()).containsExactly(15, 5, 1);
    }

    @Test
    void equalSizesMakeEqualShapes() {
        assertThat(Shape.of(2, 3)).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3));
        assertThat(Shape.of(2, 3)).isNotEqualTo(Shape.of(3, 2)).isNotEqualTo(Shape.of(2, 3, 1));
    }

    @Test
    void neitherTheGivenNorTheReturnedArrayReachesTheShape() {
        int[] sizes = {2, 3};
        Shape shape = Shape.of(sizes);
        sizes[0] = 7;
        shape.toArray()[1] = 7;

        assertThat(shape).isEqualTo(Shape.of(2, 3));
    }

    @Test
    void aMissingAxisIsNamedTogetherWithTheShape() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(2, 3).size(2))
                .withMessage("shape [2, 3] has no axis 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(2, 3).size(-3))
                .withMessage("shape [2, 3] has no axis -3");
    }

    @Test
    void negativeSizesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(2, -3))
                .withMessage("a shape has no negative sizes, got [2, -3]");
    }

    @Test
    void moreElementsThanAnArrayHoldsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(65_536, 65_536))
                .withMessage("[65536, 65536] has more elements than an array holds");
    }
}
