package heed.flink;

import static org.assertj.core.api.Assertions.assertThat;

import heed.model.Model;
import heed.model.Models;
import heed.moderation.Decision;
import heed.moderation.LabelScorer;
import heed.moderation.stream.StreamSettings;
import heed.task.Classifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// How comments of many tasks come together.
class JudgeTest {
    @SuppressWarnings("NullAway.Init")
    private static Model model;

    private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch begin = new CountDownLatch(1);

    @BeforeAll
    static void open() {
        model = Models.open(TestStreams.MODEL);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /// Waits with its first batch, and fails for batches with a text of 13 tokens.
    private LabelScorer scorer() {
        Classifier classifier = new Classifier(model);
        return new LabelScorer(model, Map.of()).computedBy(encodings -> {
            await(begin);
            sizes.add(encodings.size());
            if (encodings.stream().anyMatch(one -> one.length() == 13)) {
                throw new OutOfMemoryError("no room for thirteen");
            }
            return classifier.logits(encodings);
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Remembers what it hears.
    private static final class Asker implements Judge.Asker {
        final CountDownLatch heard = new CountDownLatch(1);
        String what = "";

        @Override
        public void decided(Decision decision) {
            what = decision.policy();
            heard.countDown();
        }

        @Override
        public void failed(Throwable reason) {
            what = String.valueOf(reason.getMessage());
            heard.countDown();
        }
    }

    private static Comment comment(int words) {
        return new Comment("p", "id", "bank" + " river".repeat(words - 1), null);
    }

    @Test
    void commentsThatWaitShareABatchUpToTheBudgetAndOneThatFailsHarmsNobody() throws InterruptedException {
        StreamSettings.Judging judging = TestStreams.judging(24);
        try (Judge judge = Judge.open(judging, scorer());
                Judge another = Judge.open(judging)) {
            assertThat(another).isSameAs(judge); // of the same machine
            List<Asker> askers = new ArrayList<>();
            int[] words = {22, 6, 11, 4, 6, 1}; // two tokens more each, and 21 of what is too long
            for (int count : words) {
                Asker asker = new Asker();
                askers.add(asker);
                judge.submit(comment(count), asker);
            }
            Asker empty = new Asker();
            judge.submit(new Comment("p", "id", " ", null), empty);
            begin.countDown();
            for (Asker asker : askers) {
                asker.heard.await();
            }
            assertThat(empty.what).isEqualTo("the text is empty");
            assertThat(askers.stream().map(asker -> asker.what).toList())
                    .containsExactly("v1", "v1", "no room for thirteen", "v1", "v1", "v1");
            // the long one alone; 8 + 13 fail together, then each alone; 6 + 8 + 3
            assertThat(sizes).hasSize(5);
            assertThat(sizes.subList(1, 5)).containsExactly(2, 1, 1, 3);
            assertThat(judge.work().judged()).isEqualTo(5);
        }
    }
}
