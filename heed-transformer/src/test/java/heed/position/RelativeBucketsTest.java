package heed.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.tensor.Shape;
import heed.tensor.Tensor;
import org.junit.jupiter.api.Test;

class RelativeBucketsTest {
    @Test
    void anEncoderHasHalfItsBucketsForEachDirection() {
        RelativeBuckets buckets = new RelativeBuckets(8, 20, true); // 4 a side: 0, 1, then 2 … 6 and 7 …
        int[] expected = {3, 3, 2, 2, 1, 0, 5, 6, 6, 7, 7};
        int[] distances = {-100, -7, -6, -2, -1, 0, 1, 2, 6, 7, 100};
        for (int i = 0; i < distances.length; i++) {
            assertThat(buckets.bucket(distances[i]))
                    .as("distance %d", distances[i])
                    .isEqualTo(expected[i]);
        }
    }

    @Test
    void aDecoderHasAllItsBucketsForWhatCameBefore() {
        RelativeBuckets buckets = new RelativeBuckets(4, 8, false); // 0, 1, then 2 … 3 and 4 …
        int[] expected = {3, 3, 2, 2, 1, 0, 0, 0};
        int[] distances = {-9, -4, -3, -2, -1, 0, 1, 9};
        for (int i = 0; i < distances.length; i++) {
            assertThat(buckets.bucket(distances[i]))
                    .as("distance %d", distances[i])
                    .isEqualTo(expected[i]);
        }
    }

    @Test
    void theTableHasTheBiasOfEveryDistanceForEveryHead() {
        RelativeBuckets buckets = new RelativeBuckets(4, 3, false);
        Tensor learned = Tensor.of(Shape.of(4, 2), 10, 20, 11, 21, 12, 22, 13, 23);
        Tensor table = buckets.byDistance(learned); // [2, 7], distances -3 … 3
        assertThat(table.toArray()).containsExactly(13, 12, 11, 10, 10, 10, 10, 23, 22, 21, 20, 20, 20, 20);
        assertThatThrownBy(() -> buckets.byDistance(Tensor.zeros(5, 2)))
                .hasMessageContaining("has 5 rows, there are 4 buckets");
    }

    @Test
    void refusesBucketsThatDivideNothing() {
        assertThatThrownBy(() -> new RelativeBuckets(3, 20, true)).hasMessageContaining("at least 2");
        assertThatThrownBy(() -> new RelativeBuckets(32, 16, false)).hasMessageContaining("beyond those");
    }
}
