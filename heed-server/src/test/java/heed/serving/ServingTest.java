package heed.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import heed.model.Model;
import heed.model.Models;
import heed.serving.NotServed.Reason;
import heed.task.Classifier;
import heed.task.Embedder;
import heed.text.Encoding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServingTest {
    private static final Path GOLDEN = Path.of("..", "heed-models", "src", "test", "resources", "golden");
    private static final List<String> WORDS = List.of("the", "bank", "river", "money", "can", "lend", "person", "by");

    private final AtomicLong now = new AtomicLong();

    private Serving serving(ServingSettings settings, String... wanted) {
        return new Serving(settings, List.of(wanted), System::nanoTime, "test");
    }

    private static List<String> texts(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, count)
                .mapToObj(_ -> IntStream.rangeClosed(0, random.nextInt(19))
                        .mapToObj(_ -> WORDS.get(random.nextInt(WORDS.size())))
                        .collect(Collectors.joining(" ")))
                .toList();
    }

    @Test
    void whatManyAskAtOnceIsToTheLastBitWhatEachWouldGetAlone() throws Exception {
        try (Model model = Models.open(GOLDEN.resolve("bert/sequence-classification-multi"));
                Serving serving = serving(ServingSettings.defaults().withBatchTokens(97), "m")) {
            serving.opened("m", model);
            ServedModel served = serving.model("m", Ability.CLASSIFY);
            List<String> texts = texts(120, 3);
            Map<Integer, float[]> vectors = new ConcurrentHashMap<>();
            Map<Integer, float[]> logits = new ConcurrentHashMap<>();
            List<Thread> askers = new ArrayList<>();
            for (int asker = 0; asker < 8; asker++) {
                int first = asker * 15;
                askers.add(Thread.startVirtualThread(() -> {
                    try {
                        List<Encoding> encodings = served.encode(texts.subList(first, first + 15), false);
                        List<int[]> ids = encodings.stream().map(Encoding::ids).toList();
                        List<float[]> some = served.embed(ids, true, serving.deadline());
                        List<float[]> others = served.logits(encodings, serving.deadline());
                        for (int i = 0; i < 15; i++) {
                            vectors.put(first + i, some.get(i));
                            logits.put(first + i, others.get(i));
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            for (Thread asker : askers) {
                asker.join();
            }
            Embedder embedder = new Embedder(model);
            Classifier classifier = new Classifier(model);
            for (int i = 0; i < texts.size(); i++) {
                Encoding alone = model.encode(texts.get(i), null);
                assertThat(vectors.get(i)).containsExactly(embedder.embed(texts.get(i)));
                assertThat(logits.get(i))
                        .containsExactly(classifier.logits(List.of(alone)).getFirst());
            }
            assertThat(serving.admission().taken()).isZero();
        }
    }

    @Test
    void aTextTooLongIsRefusedUnlessItMayBeCut() {
        try (Model model = Models.open(GOLDEN.resolve("bert/sequence-classification-multi"));
                Serving serving = serving(ServingSettings.defaults(), "m")) {
            serving.opened("m", model);
            ServedModel served = serving.model(null, Ability.EMBED);
            List<String> texts = List.of("the bank", "bank ".repeat(40));
            NotServed refusal = catchThrowableOfType(NotServed.class, () -> served.encode(texts, false));
            assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE);
            assertThat(refusal).hasMessageContaining("text 2 has 42 tokens").hasMessageContaining("at most 23");
            assertThat(served.encode(texts, true)).extracting(Encoding::length).containsExactly(4, 23);
            assertThatThrownBy(() -> served.encode(List.of(" "), true)).hasMessage("the text is empty");
            assertThatThrownBy(() -> served.embed(List.of(new int[] {101}), true, serving.deadline()))
                    .hasMessage("there is no token 101, m has 101");
        }
    }

    @Test
    void beyondTheQueueRequestsAreTurnedAway() {
        try (Model model = Models.open(GOLDEN.resolve("bert/sequence-classification-multi"));
                Serving serving = serving(ServingSettings.defaults().withQueueTokens(40), "m")) {
            serving.opened("m", model);
            ServedModel served = serving.model(null, Ability.EMBED);
            int[] ids = new int[20];
            assertThatThrownBy(() -> served.embed(List.of(ids, ids, ids), true, serving.deadline()))
                    .hasMessageContaining("60 tokens")
                    .isInstanceOfSatisfying(
                            NotServed.class, not -> assertThat(not.reason()).isEqualTo(Reason.TOO_LARGE));
            try (Admission.Ticket _ = serving.admission().admit(30)) {
                assertThatThrownBy(() -> served.embed(List.of(ids), true, serving.deadline()))
                        .isInstanceOfSatisfying(
                                NotServed.class, not -> assertThat(not.reason()).isEqualTo(Reason.OVERLOADED));
            }
        }
    }

    @Test
    void readinessTellsTheTruth() throws Exception {
        try (Model model = Models.open(GOLDEN.resolve("bert/base"));
                Serving serving = new Serving(ServingSettings.defaults(), List.of("m", "n"), now::get, "test")) {
            assertThat(serving.readiness().reasons()).containsExactly("opening m", "opening n");
            serving.opened("m", model);
            serving.failed("n", "there is no folder n");
            assertThat(serving.readiness().reasons()).containsExactly("n could not be opened: there is no folder n");
            assertThatThrownBy(() -> serving.model("n", Ability.EMBED))
                    .hasMessage("n could not be opened: there is no folder n");
            serving.opened("n", model);
            assertThat(serving.readiness().ready()).isTrue();
            assertThat(serving.drain()).isTrue();
            assertThat(serving.readiness().reasons()).containsExactly("shutting down");
        }
    }

    @Test
    void theFirstModelThatCanIsAskedWhereNoneIsNamed() {
        try (Model sorter = Models.open(GOLDEN.resolve("bert/sequence-classification-multi"));
                Model reader = Models.open(GOLDEN.resolve("bert/base"));
                Serving serving = serving(ServingSettings.defaults(), "sorter", "reader")) {
            serving.opened("reader", reader);
            assertThatThrownBy(() -> serving.model(null, Ability.CLASSIFY)).hasMessage("sorter is still being opened");
            serving.opened("sorter", sorter);
            assertThat(serving.models()).extracting(ServedModel::name).containsExactly("sorter", "reader");
            assertThat(serving.model(null, Ability.CLASSIFY).name()).isEqualTo("sorter");
            assertThat(serving.model(null, Ability.EMBED).name()).isEqualTo("reader");
            assertThat(serving.model("base", Ability.EMBED).name()).isEqualTo("reader");
            assertThatThrownBy(() -> serving.model(null, Ability.WRITE))
                    .hasMessageContaining("no model here that writes");
            assertThatThrownBy(() -> serving.model("reader", Ability.CLASSIFY))
                    .isInstanceOfSatisfying(
                            NotServed.class, not -> assertThat(not.reason()).isEqualTo(Reason.UNABLE));
            assertThatThrownBy(() -> serving.model("gpt-4", Ability.WRITE))
                    .hasMessage("there is no model 'gpt-4' here; there are sorter, reader");
        }
    }

    @Test
    void anAnswerAfterItsDeadlineIsNotWaitedFor() {
        try (Model model = Models.open(GOLDEN.resolve("bert/base"));
                Serving serving = serving(ServingSettings.defaults().withTimeout(Duration.ofNanos(1)), "m")) {
            serving.opened("m", model);
            assertThatThrownBy(() -> serving.model(null, Ability.EMBED)
                            .embed(List.of(new int[] {5, 6}), true, serving.deadline()))
                    .isInstanceOfSatisfying(
                            NotServed.class, not -> assertThat(not.reason()).isEqualTo(Reason.LATE));
            assertThat(serving.admission().taken()).isZero();
        }
    }
}
