package heed.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import heed.task.Embedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SoakCallerTest {
    private static final Path TINY = Path.of("../heed-models/src/test/resources/golden/bert/base");
    private static final int LONGEST = 23;

    @Test
    void callersGetWhatASingleRunGives() throws InterruptedException {
        try (Model model = Models.open(TINY)) {
            SoakRequests requests = requests(model);
            List<SoakCaller> callers = Stream.of(1, 2, 3)
                    .map(number -> new SoakCaller(new Embedder(model), requests, number))
                    .toList();
            callers.forEach(SoakCaller::start);
            for (SoakCaller caller : callers) {
                awaitAnswers(caller);
                caller.stop();
                caller.rethrowFailure();
            }
        }
    }

    /// The two-hour soak in three seconds.
    @Test
    void theHeapStaysFlatWhileCallersAsk() throws InterruptedException {
        try (WorkerPool workers = WorkerPool.of(2);
                Model model = Models.open(TINY, ModelOptions.defaults().withWorkers(workers))) {
            SoakRequests requests = requests(model);
            List<SoakCaller> callers = Stream.of(1, 2, 3, 4)
                    .map(number -> new SoakCaller(new Embedder(model), requests, number))
                    .toList();
            SoakMemory memory = new SoakMemory();
            List<Double> heaps = new ArrayList<>();
            int answers = 0;
            callers.forEach(SoakCaller::start);
            for (int interval = 0; interval < 12; interval++) {
                Thread.sleep(250);
                answers += callers.stream()
                        .mapToInt(caller -> caller.tally().times().size())
                        .sum();
                Line line = memory.measure(Line.of("soak", model, workers), callers);
                heaps.add((Double) Objects.requireNonNull(line.values().get("heap_mb")));
            }
            callers.forEach(SoakCaller::stop);
            for (SoakCaller caller : callers) {
                caller.join();
                caller.rethrowFailure();
            }
            assertThat(answers).isGreaterThan(100);
            SoakMemory.requireFlat("heap", heaps);
        }
    }

    @Test
    void anAnswerOfAnyOtherBitsIsAFailure() throws InterruptedException {
        try (Model model = Models.open(TINY)) {
            SoakRequests requests = requests(model);
            requests.answers().forEach(answer -> answer[3] = Math.nextUp(answer[3]));
            SoakCaller caller = new SoakCaller(new Embedder(model), requests, 1);
            caller.start();
            caller.join();
            assertThatIllegalStateException()
                    .isThrownBy(caller::rethrowFailure)
                    .withMessageContaining("got another vector than alone");
        }
    }

    private static SoakRequests requests(Model model) {
        return SoakRequests.of(new Embedder(model), LONGEST, model.config().vocabularySize());
    }

    private static void awaitAnswers(SoakCaller caller) throws InterruptedException {
        int answers = 0;
        for (int waits = 0; answers < 10 && waits < 1000; waits++) {
            Thread.sleep(10);
            answers += caller.tally().times().size();
        }
        assertThat(answers).isGreaterThanOrEqualTo(10);
    }
}
