package heed.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.serving.NotServed.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatcherTest {
    private final AtomicLong now = new AtomicLong();
    private final List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());

    private Deadline soon() {
        return Deadline.in(Duration.ofSeconds(50), System::nanoTime);
    }

    private Batcher<String, String> batcher(Batcher.Work<String, String> work) {
        return new Batcher<>("test", work, String::length, 12, now::get, Batcher.Observer.NONE);
    }

    private List<String> upper(List<String> items) {
        batches.add(List.copyOf(items));
        return items.stream().map(String::toUpperCase).toList();
    }

    @Test
    void resultsComeInTheOrderOfTheItems() throws Exception {
        try (Batcher<String, String> batcher = batcher(this::upper)) {
            List<String> items = List.of("the", "bank", "can", "refuse", "to", "lend");
            assertThat(batcher.compute(items, soon())).containsExactly("THE", "BANK", "CAN", "REFUSE", "TO", "LEND");
            assertThat(batcher.compute(List.of(), soon())).isEmpty();
        }
    }

    @Test
    void whatComesWhileABatchIsComputedIsTheNextBatch() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Batcher<String, String> batcher = batcher(items -> {
            begun.countDown();
            await(go);
            return upper(items);
        })) {
            Call<String, String> first = batcher.submit(List.of("a"), soon());
            begun.await();
            Call<String, String> second = batcher.submit(List.of("b"), soon());
            Call<String, String> third = batcher.submit(List.of("c"), soon());
            go.countDown();
            first.await();
            assertThat(second.await()).containsExactly("B");
            assertThat(third.await()).containsExactly("C");
            assertThat(batches).containsExactly(List.of("a"), List.of("b", "c"));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void oneItemThatFailsHarmsNobodyElse() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Batcher<String, String> batcher = batcher(items -> {
            await(go);
            if (items.contains("poison")) {
                throw new IllegalArgumentException("poison in a batch of " + items.size());
            }
            return upper(items);
        })) {
            batcher.submit(List.of("first"), soon());
            Call<String, String> one = batcher.submit(List.of("a", "b"), soon());
            Call<String, String> bad = batcher.submit(List.of("c", "poison", "d"), soon());
            Call<String, String> other = batcher.submit(List.of("e"), soon());
            go.countDown();
            assertThat(one.await()).containsExactly("A", "B");
            assertThat(other.await()).containsExactly("E");
            assertThatThrownBy(bad::await)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("poison in a batch of 1");
            assertThat(batcher.compute(List.of("after"), soon())).containsExactly("AFTER");
        }
    }

    @Test
    void errorsAndWrongCountsFailTheCallAndNotTheThread() throws Exception {
        try (Batcher<String, String> batcher = batcher(items -> switch (items.getFirst()) {
            case "memory" -> throw new OutOfMemoryError("for this text");
            case "stack" -> throw new StackOverflowError();
            case "nothing" -> List.of();
            default -> upper(items);
        })) {
            assertThatThrownBy(() -> batcher.compute(List.of("memory"), soon())).isInstanceOf(OutOfMemoryError.class);
            assertThatThrownBy(() -> batcher.compute(List.of("stack"), soon())).isInstanceOf(StackOverflowError.class);
            assertThatThrownBy(() -> batcher.compute(List.of("nothing"), soon()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("0 results for 1 items");
            assertThat(batcher.compute(List.of("fine"), soon())).containsExactly("FINE");
        }
    }

    @Test
    void aBatchThatHangsIsSeen() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Batcher<String, String> batcher = batcher(items -> {
            begun.countDown();
            await(go);
            return upper(items);
        })) {
            assertThat(batcher.busyFor()).isZero();
            Call<String, String> call = batcher.submit(List.of("a"), soon());
            begun.await();
            now.addAndGet(Duration.ofMinutes(3).toNanos());
            assertThat(batcher.busyFor()).isEqualTo(Duration.ofMinutes(3));
            go.countDown();
            call.await();
        }
    }

    @Test
    void whoWaitsPastTheDeadlineIsTold() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Batcher<String, String> batcher = batcher(items -> {
            begun.countDown();
            await(go);
            return upper(items);
        })) {
            batcher.submit(List.of("a"), soon());
            begun.await(); // else what comes later may still join this batch
            Deadline passed = new Deadline(System::nanoTime, System.nanoTime());
            assertThatThrownBy(() -> batcher.compute(List.of("late"), passed))
                    .isInstanceOfSatisfying(
                            NotServed.class, not -> assertThat(not.reason()).isEqualTo(Reason.LATE));
            go.countDown();
            batcher.compute(List.of("b"), soon());
            assertThat(batches).doesNotContain(List.of("late")).contains(List.of("b"));
        }
    }

    @Test
    void closingFailsThoseWhoWaitAndThoseWhoCome() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Batcher<String, String> batcher = batcher(items -> {
            begun.countDown();
            await(go);
            return upper(items);
        });
        Call<String, String> computed = batcher.submit(List.of("a"), soon());
        begun.await();
        Call<String, String> waiting = batcher.submit(List.of("b"), soon());
        Thread closing = Thread.startVirtualThread(batcher::close);
        while (closing.getState() != Thread.State.TIMED_WAITING && closing.isAlive()) {
            Thread.onSpinWait();
        }
        go.countDown();
        closing.join();
        assertThat(computed.await()).containsExactly("A");
        assertThatThrownBy(waiting::await).isInstanceOf(NotServed.class);
        assertThatThrownBy(() -> batcher.compute(List.of("c"), soon())).isInstanceOf(NotServed.class);
    }
}
