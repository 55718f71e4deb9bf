package heed.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.serving.NotServed.Reason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
    private final AtomicLong now = new AtomicLong();

    /// A call whose items are named by a letter and a number; the numbers are their tokens.
    private Call<String, String> call(String... items) {
        int[] tokens = Arrays.stream(items)
                .mapToInt(item -> Integer.parseInt(item.substring(1)))
                .toArray();
        return new Call<>(List.of(items), tokens, Deadline.in(Duration.ofSeconds(1), now::get));
    }

    private static List<String> names(List<Call.Entry<String, String>> batch) {
        return batch.stream().map(Call.Entry::item).toList();
    }

    @Test
    void aBatchHasAsManyTokensAsTheBudgetAllows() {
        BatchQueue<String, String> queue = new BatchQueue<>(10);
        queue.add(call("a3", "b3", "c4", "d1"));
        assertThat(names(queue.next())).containsExactly("a3", "b3", "c4");
        assertThat(names(queue.next())).containsExactly("d1");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void anItemLargerThanTheBudgetIsABatchOfItsOwn() {
        BatchQueue<String, String> queue = new BatchQueue<>(5);
        queue.add(call("a2", "b700", "c2"));
        assertThat(names(queue.next())).containsExactly("a2");
        assertThat(names(queue.next())).containsExactly("b700");
        assertThat(names(queue.next())).containsExactly("c2");
    }

    @Test
    void callsTakeTurnsSoThatAThousandTextsDoNotKeepOneWaiting() {
        BatchQueue<String, String> queue = new BatchQueue<>(8);
        queue.add(call(IntStream.range(0, 1000).mapToObj(_ -> "x2").toArray(String[]::new)));
        queue.add(call("a2"));
        queue.add(call("b2", "c2"));
        assertThat(names(queue.next())).containsExactly("x2", "a2", "b2", "x2");
        assertThat(names(queue.next())).containsExactly("c2", "x2", "x2", "x2");
    }

    @Test
    void whoDoesNotFitIsFirstInTheNextBatch() {
        BatchQueue<String, String> queue = new BatchQueue<>(10);
        queue.add(call("a6"));
        queue.add(call("b7"));
        queue.add(call("c1"));
        assertThat(names(queue.next())).containsExactly("a6");
        assertThat(names(queue.next())).containsExactly("b7", "c1");
    }

    @Test
    void callsThatNobodyWaitsForAreNotComputed() {
        BatchQueue<String, String> queue = new BatchQueue<>(3);
        Call<String, String> early = call("a1", "b1", "c1", "d1");
        queue.add(early);
        Call<String, String> gone = call("g1");
        queue.add(gone);
        gone.cancel();
        assertThat(names(queue.next())).containsExactly("a1", "b1", "c1");
        now.addAndGet(Duration.ofMillis(999).toNanos());
        Call<String, String> later = call("l1");
        queue.add(later);
        now.addAndGet(Duration.ofMillis(1).toNanos());
        assertThat(names(queue.next())).containsExactly("l1");
        assertThatThrownBy(early::await)
                .isInstanceOfSatisfying(
                        NotServed.class, not -> assertThat(not.reason()).isEqualTo(Reason.LATE));
    }

    @Test
    void everyItemIsInExactlyOneBatchWhateverTheSizes() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 50; round++) {
            int budget = 1 + random.nextInt(30);
            BatchQueue<String, String> queue = new BatchQueue<>(budget);
            int wanted = 0;
            for (int c = 0; c < 13; c++) {
                String prefix = String.valueOf((char) ('a' + c));
                String[] items = IntStream.range(0, random.nextInt(11))
                        .mapToObj(_ -> prefix + (1 + random.nextInt(40)))
                        .toArray(String[]::new);
                wanted += items.length;
                queue.add(call(items));
            }
            int taken = 0;
            while (!queue.isEmpty()) {
                List<Call.Entry<String, String>> batch = queue.next();
                int tokens = batch.stream().mapToInt(Call.Entry::tokens).sum();
                assertThat(batch.size() == 1 || tokens <= budget).isTrue();
                assertThat(batch).isNotEmpty();
                taken += batch.size();
            }
            assertThat(taken).isEqualTo(wanted);
        }
    }

    @Test
    void aBudgetOfNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchQueue<>(0))
                .withMessageContaining("0 tokens");
    }
}
