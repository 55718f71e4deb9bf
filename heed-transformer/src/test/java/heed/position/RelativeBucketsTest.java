package heed.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    void everyDistanceThatCountsHasItsBucket() {
        RelativeBuckets buckets = new RelativeBuckets(4, 3, false);
        assertThat(buckets.byDistance(4)).containsExactly(3, 2, 1, 0, 0, 0, 0); // distances -3 … 3
        assertThatThrownBy(() -> buckets.byDistance(5)).hasMessageContaining("has 5 rows, there are 4 buckets");
    }

    @Test
    void refusesBucketsThatDivideNothing() {
        assertThatThrownBy(() -> new RelativeBuckets(3, 20, true)).hasMessageContaining("at least 2");
        assertThatThrownBy(() -> new RelativeBuckets(32, 16, false)).hasMessageContaining("beyond those");
    }
}
