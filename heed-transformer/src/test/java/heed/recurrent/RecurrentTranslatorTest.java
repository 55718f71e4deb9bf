package heed.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.autograd.Parameter;
import heed.kernel.KernelProvider;
import heed.kernel.RecurrentCell;
import heed.kernel.WorkerPool;
import heed.pass.DropoutRates;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.training.Optimizer;
import heed.training.ParameterTree;
import heed.training.Schedule;
import heed.training.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class RecurrentTranslatorTest {
    private static final int[] SOURCE = {5, 1, 3, 2, 4, 4, 6};
    private static final Sequences SOURCES = Sequences.ofLengths(2, 4, 1);
    private static final int[] TARGET = {0, 3, 0, 2, 5, 1, 0};
    private static final Sequences TARGETS = Sequences.ofLengths(2, 4, 1);

    private final WorkerPool workers = WorkerPool.of(2);
    private final Compute compute = new Compute(KernelProvider.vector().orElseThrow(), workers);

    @AfterEach
    void close() {
        workers.close();
    }

    private static RecurrentTranslator model(RecurrentTranslator.Looking looking) {
        return RecurrentTranslator.fresh(RecurrentCell.LSTM, looking, new RecurrentTranslator.Sizes(7, 8, 2, 12), 3);
    }

    private Tensor logits(RecurrentTranslator model, Pass pass) {
        return model.logits(SOURCE, SOURCES, TARGET, TARGETS, pass).copy();
    }

    @ParameterizedTest
    @EnumSource
    void stepsComputeWhatTheWholePassDoes(RecurrentTranslator.Looking looking) {
        RecurrentTranslator model = model(looking);
        Tensor whole = logits(model, Pass.unwatched(compute));
        int[] one = Arrays.copyOfRange(TARGET, 2, 6);
        Pass pass = Pass.unwatched(compute);
        RecurrentSource source = model.read(Arrays.copyOfRange(SOURCE, 2, 6), Sequences.single(4), pass);
        RecurrentState state = null;
        for (int t = 0; t < 4; t++) {
            RecurrentDecoder.Written step = model.write(new int[] {one[t]}, Sequences.single(1), source, state, pass);
            state = step.after();
            assertThat(model.head().apply(step.output(), pass).toArray())
                    .containsExactly(whole.rows(2 + t, 3 + t).toArray(), within(1e-5f));
        }
    }

    /// Each target is cut elsewhere, so that the state after the first parts is gathered from several steps.
    @ParameterizedTest
    @EnumSource
    void targetsInTwoPartsAreTheWhole(RecurrentTranslator.Looking looking) {
        RecurrentTranslator model = model(looking);
        Tensor whole = logits(model, Pass.unwatched(compute));
        Pass pass = Pass.unwatched(compute);
        RecurrentSource source = model.read(SOURCE, SOURCES, pass);
        RecurrentSource two = source.seenBy(new int[] {0, 1});
        RecurrentState start = source.start().of(3, new int[] {0, 1}, pass);
        // 0 | 3 of the first target, 0 2 5 | 1 of the second
        RecurrentState after = model.write(new int[] {0, 0, 2, 5}, Sequences.ofLengths(1, 3), two, start, pass)
                .after();
        Tensor rest = model.head()
                .apply(
                        model.write(new int[] {3, 1}, Sequences.ofLengths(1, 1), two, after, pass)
                                .output(),
                        pass);
        assertThat(rest.rows(0, 1).toArray()).containsExactly(whole.rows(1, 2).toArray(), within(1e-5f));
        assertThat(rest.rows(1, 2).toArray()).containsExactly(whole.rows(5, 6).toArray(), within(1e-5f));
    }

    @Test
    void aTiedTranslatorHasOneTableOfWords() {
        RecurrentTranslator model = RecurrentTranslator.tied(
                RecurrentCell.GRU, RecurrentTranslator.Looking.NONE, new RecurrentTranslator.Sizes(7, 7, 1, 12), 3);
        assertThat(ParameterTree.of(model).stream().map(Parameter::path))
                .contains("sourceWords.table", "head.bias")
                .doesNotContain("targetWords.table", "head.weight");
        assertThatThrownBy(() -> RecurrentTranslator.tied(
                        RecurrentCell.GRU,
                        RecurrentTranslator.Looking.NONE,
                        new RecurrentTranslator.Sizes(7, 8, 1, 12),
                        3))
                .hasMessage("one table cannot have 7 words and 8");
    }

    @ParameterizedTest
    @EnumSource
    void weightsOfEveryTargetPositionCanBeSeenAndEdited(RecurrentTranslator.Looking looking) {
        RecurrentTranslator model = model(looking);
        List<Tensor> seen = new ArrayList<>();
        Tensor watched = logits(model, Pass.watched(compute, weights(seen, false)));
        assertThat(watched.toArray())
                .containsExactly(logits(model, Pass.unwatched(compute)).toArray(), within(1e-5f));
        if (looking == RecurrentTranslator.Looking.NONE) {
            assertThat(seen).isEmpty();
            return;
        }
        int rows = 0;
        for (Tensor weights : seen) {
            assertThat(weights.size(0)).isEqualTo(1);
            rows += weights.size(1);
            for (int i = 0; i < weights.size(1); i++) {
                double sum = 0;
                for (int j = 0; j < weights.size(2); j++) {
                    sum += weights.at(0, i, j);
                }
                assertThat(sum).isCloseTo(1, within(1e-5));
            }
        }
        assertThat(rows).isEqualTo(TARGETS.tokens());
        Tensor edited = logits(model, Pass.watched(compute, weights(seen, true)));
        assertThat(edited.toArray()).isNotEqualTo(watched.toArray());
    }

    private static Watch weights(List<Tensor> seen, boolean edit) {
        return new Watch() {
            @Override
            public boolean wants(Site site, Point point) {
                return point == Point.WEIGHTS && site.stack() == Site.Stack.CROSS;
            }

            @Override
            public Tensor see(Site site, Point point, int sequence, Tensor value) {
                seen.add(value.copy());
                return edit ? value.times(0.5f) : value;
            }
        };
    }

    /// Sources of random symbols, targets the same backwards: what the last symbol of the target is was said
    /// first.
    @ParameterizedTest
    @EnumSource
    void aTranslatorLearnsToTurnItsSourceRound(RecurrentTranslator.Looking looking) {
        RecurrentTranslator model =
                RecurrentTranslator.fresh(RecurrentCell.GRU, looking, new RecurrentTranslator.Sizes(7, 9, 1, 24), 1);
        Trainer trainer = new Trainer(
                ParameterTree.of(model),
                new Trainer.Settings(
                        new Optimizer.Adam(0.9, 0.99, 1e-8, 0),
                        new Schedule.Constant(1e-2, 0),
                        1,
                        DropoutRates.NONE,
                        1),
                compute);
        SplittableRandom random = new SplittableRandom(2);
        int[][] all = new int[24][];
        Arrays.setAll(all, _ -> random.ints(2 + random.nextInt(3), 0, 7).toArray());
        int[] lengths = Arrays.stream(all).mapToInt(source -> source.length).toArray();
        int[] outLengths = Arrays.stream(lengths).map(n -> n + 1).toArray();
        int[] source = Arrays.stream(all).flatMapToInt(Arrays::stream).toArray();
        List<Integer> in = new ArrayList<>();
        List<Integer> out = new ArrayList<>();
        for (int[] ids : all) { // 7 begins, 8 ends
            in.add(7);
            for (int i = ids.length - 1; i >= 0; i--) {
                in.add(ids[i]);
                out.add(ids[i]);
            }
            out.add(8);
        }
        for (int step = 0; step < 120; step++) {
            trainer.step(List.of(pass -> pass.compute()
                    .crossEntropy(
                            model.logits(
                                    source,
                                    Sequences.ofLengths(lengths),
                                    array(in),
                                    Sequences.ofLengths(outLengths),
                                    pass),
                            Targets.of(array(out)))));
        }
        int right = 0;
        for (int[] ids : all) {
            int[] turned = new int[ids.length];
            for (int i = 0; i < turned.length; i++) {
                turned[i] = ids[turned.length - 1 - i];
            }
            right += Arrays.equals(written(model, ids), turned) ? 1 : 0;
        }
        assertThat(right).isGreaterThanOrEqualTo(22);
    }

    /// The most probable token each time.
    private int[] written(RecurrentTranslator model, int[] ids) {
        Pass pass = Pass.unwatched(compute);
        RecurrentSource source = model.read(ids, Sequences.single(ids.length), pass);
        RecurrentState state = null;
        List<Integer> written = new ArrayList<>();
        int last = 7;
        while (last != 8 && written.size() <= 6) {
            RecurrentDecoder.Written step = model.write(new int[] {last}, Sequences.single(1), source, state, pass);
            state = step.after();
            float[] scores = model.head().apply(step.output(), pass).toArray();
            last = 0;
            for (int id = 1; id < scores.length; id++) {
                last = scores[id] > scores[last] ? id : last;
            }
            written.add(last);
        }
        compute.reset();
        return array(written.subList(0, written.size() - 1)); // without the end
    }

    private static int[] array(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }
}
