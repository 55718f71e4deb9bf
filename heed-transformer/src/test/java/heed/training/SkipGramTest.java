package heed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.pass.DropoutRates;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@NullMarked
class SkipGramTest {
    private static final List<String> WORDS = List.of("cat", "dog", "purrs", "barks", "sun", "moon", "shines");

    private final WorkerPool workers = WorkerPool.of(2);
    private final Compute compute = new Compute(KernelProvider.vector().orElseThrow(), workers);

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    void theLossIsTheFormula() {
        SkipGram model = SkipGram.fresh(3, 2, 1);
        System.arraycopy(
                new float[] {1, 2, -1, 0.5f, 0, 1}, 0, model.words().table().values(), 0, 6);
        System.arraycopy(
                new float[] {0.5f, 1, 2, -1, 1, 1}, 0, model.contexts().table().values(), 0, 6);
        SkipGram.Sample sample =
                new SkipGram.Sample(new int[] {0, 0, 1}, new int[] {0, 1, 2}, new boolean[] {true, false, false}, 1);
        double expected = Math.log1p(Math.exp(-2.5)) + Math.log1p(Math.exp(0)) + Math.log1p(Math.exp(-0.5));
        assertThat((double) model.loss(sample, Pass.unwatched(compute)).at(0)).isCloseTo(expected, within(1e-6));
    }

    /// Animals do what animals do, lights do what lights do, and sentences follow each other at random.
    @Test
    void wordsInTheSameCompanyComeToLieTogether() {
        SplittableRandom random = new SplittableRandom(3);
        int[] text = IntStream.range(0, 3000)
                .flatMap(_ -> {
                    boolean animals = random.nextBoolean();
                    int subject = (animals ? 0 : 4) + random.nextInt(2);
                    int verb = animals ? 2 + random.nextInt(2) : 6;
                    return IntStream.of(subject, verb, -1, -1); // a pause wider than the window
                })
                .toArray();
        SkipGram model = SkipGram.fresh(WORDS.size(), 8, 1);
        SkipGramText task = new SkipGramText(model, text, text, new SkipGramText.Settings(2, 4, 64, 1, 5));
        Trainer trainer = new Trainer(
                ParameterTree.of(model),
                new Trainer.Settings(
                        new Optimizer.Adam(0.9, 0.99, 1e-8, 0),
                        new Schedule.Constant(2e-2, 0),
                        0,
                        DropoutRates.NONE,
                        1),
                compute);
        double before = task.validate(compute).loss();
        for (int step = 1; step <= 200; step++) {
            trainer.step(task.batch(step));
        }
        assertThat(task.validate(compute).loss()).isLessThan(0.8 * before);
        StaticVectors vectors = new StaticVectors(WORDS, model.words().table());
        assertThat(vectors.nearest("cat", 1).getFirst().word()).isEqualTo("dog");
        assertThat(vectors.nearest("sun", 1).getFirst().word()).isEqualTo("moon");
        assertThat(vectors.cosine("cat", "dog")).isGreaterThan(vectors.cosine("cat", "moon") + 0.5);
    }

    @Test
    void theSameStepHasTheSameBatch() {
        SkipGram model = SkipGram.fresh(7, 8, 1);
        int[] text = IntStream.range(0, 100).map(i -> i % 7).toArray();
        SkipGramText task = new SkipGramText(model, text, text, new SkipGramText.Settings(2, 4, 8, 1e-3, 5));
        float first = task.batch(3).getFirst().apply(Pass.unwatched(compute)).at(0);
        assertThat(task.batch(3).getFirst().apply(Pass.unwatched(compute)).at(0))
                .isEqualTo(first);
    }

    @Test
    void neighboursAreSortedByTheirAngle() {
        StaticVectors vectors = new StaticVectors(
                List.of("east", "north", "north-east", "nowhere"),
                Tensor.matrix(new float[] {2, 0}, new float[] {0, 1}, new float[] {1, 1.5f}, new float[] {0, 0}));
        assertThat(vectors.nearest("north-east", 3).stream().map(StaticVectors.Neighbour::word))
                .containsExactly("north", "east", "nowhere");
        assertThat(vectors.cosine("east", "north")).isZero();
        assertThat(vectors.vector("east")).containsExactly(2, 0);
        assertThatThrownBy(() -> vectors.nearest("west", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"west\" is none of the 4 words");
    }
}
