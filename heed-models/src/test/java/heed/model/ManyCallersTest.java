package heed.model;

import static org.assertj.core.api.Assertions.assertThat;

import heed.kernel.WorkerPool;
import heed.task.Embedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Several models in one program, asked by many threads at once: nobody notices the others.
class ManyCallersTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/bert");
    private static final List<String> FOLDERS = List.of("base", "relu", "half");
    private static final int CALLERS = 12;
    private static final int REQUESTS = 40;
    private static final int LONGEST = 23;

    enum Kind {
        PLATFORM {
            @Override
            ExecutorService threads() {
                return Executors.newFixedThreadPool(CALLERS);
            }
        },
        VIRTUAL {
            @Override
            ExecutorService threads() {
                return Executors.newVirtualThreadPerTaskExecutor();
            }
        };

        abstract ExecutorService threads();
    }

    /// @param model its number in `FOLDERS`
    private record Request(int model, int[] ids) {
        static Request of(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            int[] ids = random.ints(random.nextInt(1, LONGEST + 1), 0, 20).toArray();
            return new Request(random.nextInt(FOLDERS.size()), ids);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyCallerGetsTheBitsOfASingleRun(Kind kind) throws Exception {
        List<Request> requests =
                IntStream.range(0, REQUESTS).mapToObj(Request::of).toList();
        List<float[]> expected = alone(requests);
        List<Model> models = new ArrayList<>();
        try (WorkerPool workers = WorkerPool.of(3);
                ExecutorService threads = kind.threads()) {
            for (String folder : FOLDERS) {
                models.add(Models.open(
                        GOLDEN.resolve(folder), ModelOptions.defaults().withWorkers(workers)));
            }
            List<Callable<List<float[]>>> callers = IntStream.range(0, CALLERS)
                    .<Callable<List<float[]>>>mapToObj(_ -> () -> answers(models, requests))
                    .toList();
            for (Future<List<float[]>> answers : threads.invokeAll(callers)) {
                for (int i = 0; i < REQUESTS; i++) {
                    assertThat(answers.get().get(i)).as("request %d", i).isEqualTo(expected.get(i));
                }
            }
        } finally {
            models.forEach(Model::close);
        }
    }

    /// Each request to a model of its own on one thread.
    private static List<float[]> alone(List<Request> requests) {
        List<float[]> answers = new ArrayList<>();
        try (WorkerPool one = WorkerPool.of(1)) {
            for (Request request : requests) {
                Path folder = GOLDEN.resolve(FOLDERS.get(request.model));
                try (Model model = Models.open(folder, ModelOptions.defaults().withWorkers(one))) {
                    answers.addAll(new Embedder(model).embedTokens(List.of(request.ids)));
                }
            }
        }
        return answers;
    }

    private static List<float[]> answers(List<Model> models, List<Request> requests) {
        return requests.stream()
                .map(request -> new Embedder(models.get(request.model))
                        .embedTokens(List.of(request.ids))
                        .getFirst())
                .toList();
    }
}
