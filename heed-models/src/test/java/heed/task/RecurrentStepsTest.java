package heed.task;

import static org.assertj.core.api.Assertions.assertThat;

import heed.generation.Cancellation;
import heed.generation.Decoding;
import heed.generation.Generator;
import heed.generation.Hypothesis;
import heed.generation.Prefix;
import heed.generation.TokenListener;
import heed.kernel.KernelProvider;
import heed.kernel.RecurrentCell;
import heed.kernel.WorkerPool;
import heed.pass.Pass;
import heed.recurrent.RecurrentTranslator;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Recurrent translators write by the same strategies as Transformers.
@NullMarked
class RecurrentStepsTest {
    private static final int START = 0;
    private static final int END = 1;
    private static final int MOST = 6;
    private static final List<int[]> SOURCES = List.of(new int[] {5, 2}, new int[] {3, 4, 2, 6}, new int[] {1});

    private static RecurrentTranslator model(RecurrentTranslator.Looking looking) {
        return RecurrentTranslator.fresh(RecurrentCell.LSTM, looking, new RecurrentTranslator.Sizes(7, 6, 2, 12), 11);
    }

    @ParameterizedTest
    @EnumSource
    void greedyDecodingIsTheModelsOwn(RecurrentTranslator.Looking looking) {
        try (WorkerPool workers = WorkerPool.of(2)) {
            Compute compute = new Compute(KernelProvider.vector().orElseThrow(), workers);
            RecurrentTranslator model = model(looking);
            List<int[]> own = model.greedy(
                    SOURCES.stream().flatMapToInt(Arrays::stream).toArray(),
                    Sequences.ofLengths(2, 4, 1),
                    START,
                    END,
                    MOST,
                    Pass.unwatched(compute));
            compute.reset();
            List<Hypothesis> written = write(Decoding.greedy(), model, compute);
            for (int b = 0; b < own.size(); b++) {
                int[] ids = Arrays.stream(written.get(b).ids())
                        .filter(id -> id != END)
                        .toArray();
                assertThat(ids).containsExactly(own.get(b));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBeamIsNoLessProbableThanGreedyDecoding(RecurrentTranslator.Looking looking) {
        try (WorkerPool workers = WorkerPool.of(2)) {
            Compute compute = new Compute(KernelProvider.vector().orElseThrow(), workers);
            RecurrentTranslator model = model(looking);
            List<Hypothesis> greedy = write(Decoding.greedy(), model, compute);
            List<Hypothesis> beams = write(Decoding.beams(6), model, compute);
            for (int b = 0; b < SOURCES.size(); b++) {
                double one = logProbability(model, SOURCES.get(b), greedy.get(b).ids(), compute);
                double best = logProbability(model, SOURCES.get(b), beams.get(b).ids(), compute);
                assertThat(best / beams.get(b).ids().length)
                        .isGreaterThanOrEqualTo(one / greedy.get(b).ids().length - 1e-5);
            }
        }
    }

    private static List<Hypothesis> write(Decoding decoding, RecurrentTranslator model, Compute compute) {
        List<Prefix> prefixes =
                SOURCES.stream().map(source -> Prefix.of(source, START)).toList();
        int[] most = IntStream.range(0, SOURCES.size()).map(_ -> MOST + 1).toArray();
        return new Generator(decoding.endTokens(END), most, List.of(), TokenListener.NONE, new Cancellation())
                .run(prefixes, new RecurrentSteps(model, SOURCES, START, compute)).stream()
                        .map(List::getFirst)
                        .toList();
    }

    /// By a whole pass.
    private static double logProbability(RecurrentTranslator model, int[] source, int[] ids, Compute compute) {
        int[] targets = new int[ids.length];
        targets[0] = START;
        System.arraycopy(ids, 0, targets, 1, ids.length - 1);
        Tensor logits = model.logits(
                source,
                Sequences.single(source.length),
                targets,
                Sequences.single(ids.length),
                Pass.unwatched(compute));
        double mean = compute.crossEntropy(logits, Targets.of(ids)).at(0);
        compute.reset();
        return -mean * ids.length;
    }
}
