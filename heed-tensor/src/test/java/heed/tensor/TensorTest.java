package heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TensorTest {
    /// `[2, 3, 4]` with the values 0 to 23 in row-major order.
    private static Tensor counting() {
        Tensor tensor = Tensor.zeros(2, 3, 4);
        for (int i = 0; i < 24; i++) {
            tensor.values()[i] = i;
        }
        return tensor;
    }

    @Nested
    class Construction {
        @Test
        void valuesAreWrappedWithoutACopy() {
            float[] values = {1, 2, 3, 4, 5, 6};
            Tensor tensor = Tensor.of(Shape.of(2, 3), values);
            tensor.set(7, 1, 0);

            assertThat(tensor.values()).isSameAs(values);
            assertThat(values[3]).isEqualTo(7);
        }

        @Test
        void theArrayMayBeLongerThanTheShapeNeeds() {
            Tensor tensor = Tensor.of(Shape.of(2), 1, 2, 3);

            assertThat(tensor.toArray()).containsExactly(1, 2);
        }

        @Test
        void tooFewValuesAreNamedWithTheShape() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tensor.of(Shape.of(2, 3), 1, 2, 3, 4))
                    .withMessage("shape [2, 3] needs 6 values, got 4");
        }

        @Test
        void aMatrixIsMadeOfItsRows() {
            Tensor matrix = Tensor.matrix(new float[] {1, 2, 3}, new float[] {4, 5, 6});

            assertThat(matrix.shape()).isEqualTo(Shape.of(2, 3));
            assertThat(matrix.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(Tensor.matrix().shape()).isEqualTo(Shape.of(0, 0));
        }

        @Test
        void rowsOfAMatrixHaveOneLength() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tensor.matrix(new float[] {1, 2, 3}, new float[] {4}))
                    .withMessage("row 1 has 1 values, row 0 has 3");
        }
    }

    @Nested
    class Elements {
        @Test
        void anElementHasOneIndexPerAxis() {
            assertThat(counting().at(1, 2, 3)).isEqualTo(23);
            assertThat(counting().at(0, 1, 2)).isEqualTo(6);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> counting().at(1, 2))
                    .withMessage("shape [2, 3, 4] has 3 axes, got index [1, 2]");
        }

        @Test
        void anIndexOutsideItsAxisIsRefusedEvenWhereTheArrayGoesOn() {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> counting().at(0, 3, 0));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> counting().columns(1, 3).at(0, 0, -1));
        }

        @Test
        void aScalarHasAnEmptyIndex() {
            assertThat(Tensor.of(Shape.of(), 7).at()).isEqualTo(7);
        }
    }

    @Nested
    class Views {
        @Test
        void aSliceSharesTheValuesOfItsTensor() {
            Tensor all = counting();
            Tensor middle = all.slice(1, 1, 3);
            middle.set(-1, 1, 0, 2);

            assertThat(middle.shape()).isEqualTo(Shape.of(2, 2, 4));
            assertThat(all.at(1, 1, 2)).isEqualTo(-1);
            assertThat(middle.values()).isSameAs(all.values());
        }

        @Test
        void rowsAreSlicesOfTheFirstAxisAndColumnsOfTheLast() {
            assertThat(counting().rows(1, 2).toArray()).containsExactly(12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23);
            assertThat(counting().columns(1, 3).toArray()).containsExactly(1, 2, 5, 6, 9, 10, 13, 14, 17, 18, 21, 22);
        }

        @Test
        void aPartDropsTheOutermostAxis() {
            Tensor part = counting().part(1);

            assertThat(part.shape()).isEqualTo(Shape.of(3, 4));
            assertThat(part.at(2, 1)).isEqualTo(21);
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> counting().part(2));
        }

        @Test
        void aTransposeExchangesTheLastTwoAxes() {
            Tensor transposed = counting().transpose();

            assertThat(transposed.shape()).isEqualTo(Shape.of(2, 4, 3));
            assertThat(transposed.at(1, 3, 2)).isEqualTo(counting().at(1, 2, 3));
            assertThat(transposed.transpose().toArray())
                    .containsExactly(counting().toArray());
            assertThat(transposed.part(0).toArray()).containsExactly(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
        }

        @Test
        void aVectorHasNoTranspose() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tensor.zeros(3).transpose())
                    .withMessage("a transpose needs two axes, shape is [3]");
        }

        @Test
        void viewsOfViewsKeepOffsetsAndStrides() {
            Tensor view =
                    counting().columns(1, 4).slice(1, 1, 3).transpose().part(1).columns(1, 2);

            assertThat(view.shape()).isEqualTo(Shape.of(3, 1));
            assertThat(view.toArray()).containsExactly(21, 22, 23);
            assertThat(view.offset()).isEqualTo(21);
            assertThat(view.stride(0)).isEqualTo(view.stride(-2)).isEqualTo(1);
        }

        @Test
        void aSliceOutsideItsAxisIsRefused() {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> counting().slice(1, 2, 4));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> counting().slice(1, 2, 1));
        }

        @Test
        void rowsHaveNoGapsButColumnsHave() {
            assertThat(counting().rows(1, 2).contiguous()).isTrue();
            assertThat(counting().part(1).rows(1, 3).contiguous()).isTrue();
            assertThat(counting().columns(0, 3).contiguous()).isFalse();
            assertThat(counting().transpose().contiguous()).isFalse();
        }

        @Test
        void theStrideOfAnAxisOfOneElementDoesNotMatter() {
            assertThat(Tensor.zeros(5, 3).rows(2, 3).columns(1, 3).contiguous()).isTrue();
            assertThat(Tensor.zeros(1, 3).transpose().contiguous()).isTrue();
        }
    }

    @Nested
    class Reshaping {
        @Test
        void aReshapeIsAViewOfTheSameElementsInOrder() {
            Tensor all = counting();
            Tensor flat = all.part(1).reshape(2, 6);

            assertThat(flat.at(1, 0)).isEqualTo(18);
            assertThat(flat.values()).isSameAs(all.values());
        }

        @Test
        void aViewWithGapsIsRefused() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> counting().columns(0, 2).reshape(12))
                    .withMessage("a [2, 3, 2] view with gaps cannot be reshaped, copy it first");
            assertThatIllegalStateException()
                    .isThrownBy(() -> counting().transpose().reshape(24));

            assertThat(counting().columns(0, 2).copy().reshape(12).toArray())
                    .containsExactly(0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21);
        }

        @Test
        void theNumberOfElementsStays() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> counting().reshape(5, 5))
                    .withMessage("[2, 3, 4] has 24 elements, [5, 5] has 25");
        }
    }

    @Nested
    class Copies {
        @Test
        void aCopyHasAnArrayOfItsOwnAndOfItsOwnLength() {
            Tensor all = counting();
            Tensor copy = all.columns(2, 3).copy();
            copy.set(-1, 0, 0, 0);

            assertThat(all.at(0, 0, 2)).isEqualTo(2);
            assertThat(copy.values()).hasSize(6);
            assertThat(copy.contiguous()).isTrue();
        }

        @Test
        void anEmptyViewHasNoElements() {
            assertThat(counting().columns(2, 2).toArray()).isEmpty();
            assertThat(counting().rows(1, 1).toArray()).isEmpty();
        }

        @Test
        void aLongTensorShowsItsFirstValues() {
            assertThat(counting()).hasToString("[2, 3, 4] [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, …]");
            assertThat(Tensor.of(Shape.of(2), 1, 2)).hasToString("[2] [1.0, 2.0]");
        }
    }

    @Nested
    class Arithmetic {
        @Test
        void aProductOfTwoByTwoMatrices() {
            Tensor left = Tensor.matrix(new float[] {1, 2}, new float[] {3, 4});
            Tensor right = Tensor.matrix(new float[] {5, 6}, new float[] {7, 8});

            assertThat(left.matmul(right).toArray()).containsExactly(19, 22, 43, 50);
        }

        @Test
        void aProductReadsViewsAsTheyStand() {
            SeededTensors seeded = new SeededTensors(3);
            Tensor left = seeded.normal(11, 7).columns(2, 7).transpose(); // [5, 11]
            Tensor right = seeded.normal(13, 5).rows(1, 12).columns(1, 4); // [11, 3]

            Tensor product = left.matmul(right);

            assertThat(product.shape()).isEqualTo(Shape.of(5, 3));
            assertThat(product.toArray())
                    .containsExactly(left.copy().matmul(right.copy()).toArray());
            double sum = 0;
            for (int k = 0; k < 11; k++) {
                sum += (double) left.at(4, k) * right.at(k, 2);
            }
            assertThat(product.at(4, 2)).isEqualTo((float) sum);
        }

        @Test
        void productsThatDoNotFitNameBothShapes() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tensor.zeros(2, 3).matmul(Tensor.zeros(2, 3)))
                    .withMessage("cannot multiply [2, 3] by [2, 3]: 3 columns, 2 rows");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tensor.zeros(2, 3).matmul(Tensor.zeros(3)))
                    .withMessage("the right operand is no matrix, its shape is [3]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> counting().matmul(Tensor.zeros(4, 2)))
                    .withMessage("the left operand is no matrix, its shape is [2, 3, 4]");
        }

        @Test
        void timesAndPlusLeaveTheirOperandsAlone() {
            Tensor a = Tensor.of(Shape.of(2), 1, 2);
            Tensor b = Tensor.of(Shape.of(2), 10, 20);

            assertThat(a.times(3).toArray()).containsExactly(3, 6);
            assertThat(a.plus(b).toArray()).containsExactly(11, 22);
            assertThat(a.toArray()).containsExactly(1, 2);
            assertThat(b.toArray()).containsExactly(10, 20);
        }

        @Test
        void plusAddsViewsAsTheyStand() {
            Tensor matrix = Tensor.matrix(new float[] {1, 2}, new float[] {3, 4});

            assertThat(matrix.plus(matrix.transpose()).toArray()).containsExactly(2, 5, 5, 8);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> matrix.plus(Tensor.zeros(2, 3)))
                    .withMessage("cannot add [2, 3] to [2, 2]");
        }
    }

    @Nested
    class Softmax {
        @Test
        void oddsBecomeShares() {
            Tensor scores = Tensor.matrix(
                    new float[] {0, (float) Math.log(3)}, new float[] {(float) Math.log(4), (float) Math.log(1)});

            Tensor weights = scores.softmax();

            assertThat(weights.toArray()).usingComparatorWithPrecision(1e-7f).containsExactly(0.25f, 0.75f, 0.8f, 0.2f);
        }

        @Test
        void everyRowOfAnyRankSumsToOne() {
            Tensor weights = new SeededTensors(4).normal(3, 5, 7).times(10).softmax();

            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 5; j++) {
                    double sum = 0;
                    for (int k = 0; k < 7; k++) {
                        sum += weights.at(i, j, k);
                    }
                    assertThat(sum).isCloseTo(1, within(1e-6));
                }
            }
        }

        @Test
        void hugeScoresDoNotOverflow() {
            Tensor weights = Tensor.matrix(new float[] {1e4f, 1e4f, -1e4f}, new float[] {-3e38f, 3e38f, 0})
                    .softmax();

            assertThat(weights.toArray()).containsExactly(0.5f, 0.5f, 0, 0, 1, 0);
        }

        @Test
        void whereNothingCanBeSeenNothingIsTaken() {
            float hidden = Float.NEGATIVE_INFINITY;
            Tensor weights = Tensor.matrix(new float[] {hidden, hidden}, new float[] {hidden, 2})
                    .softmax();

            assertThat(weights.toArray()).containsExactly(0, 0, 0, 1);
        }

        @Test
        void rowsWithoutElementsStayEmpty() {
            assertThat(Tensor.zeros(3, 0).softmax().shape()).isEqualTo(Shape.of(3, 0));
        }
    }
}
