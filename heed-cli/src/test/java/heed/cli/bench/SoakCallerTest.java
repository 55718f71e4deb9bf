package heed.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import heed.model.Model;
import heed.model.Models;
import heed.task.Embedder;
import java.nio.file.Path;
import java.util.List;
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
