package heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import heed.kernel.Activation;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Which buffers [Compute] hands out again, told apart by the identity of their arrays.
class BuffersTest {
    private static final int SIZE = 1000;

    private final Compute compute = new Compute(KernelProvider.scalar(), WorkerPool.of(1));

    @Test
    void buffersThatAreTakenTogetherAreDifferent() {
        assertThat(buffers(take(5))).hasSize(5);
    }

    @Test
    void aTensorHasTheShapeThatWasAskedForAndAtLeastAsManyValues() {
        Tensor tensor = compute.take(7, 11, 13);

        assertThat(tensor.shape()).isEqualTo(Shape.of(7, 11, 13));
        assertThat(tensor.offset()).isZero();
        assertThat(tensor.values()).hasSizeGreaterThanOrEqualTo(1001);
        assertThat(tensor.toArray()).hasSize(1001);
        assertThat(compute.take(0, 5).toArray()).isEmpty();
    }

    @Test
    void keepOnlyGivesBackEverythingButItsResult() {
        List<Tensor> intermediate = new ArrayList<>();

        Tensor result = compute.keepOnly(() -> {
            intermediate.addAll(take(2));
            Tensor last = compute.take(SIZE);
            intermediate.addAll(take(1));
            return last;
        });

        assertThat(buffers(take(3)))
                .containsExactlyInAnyOrderElementsOf(buffers(intermediate))
                .doesNotContain(new Buffer(result.values()));
        assertThat(buffers(take(1)))
                .doesNotContain(new Buffer(result.values()))
                .doesNotContainAnyElementsOf(buffers(intermediate));
    }

    @Test
    void keepOnlyKeepsTheBufferBehindAView() {
        Tensor view = compute.keepOnly(() -> compute.take(10, 100).columns(3, 7));

        assertThat(compute.take(SIZE).values()).isNotSameAs(view.values());
    }

    @Test
    void keepOnlyMayReturnWhatWasTakenBeforeIt() {
        Tensor outer = compute.take(SIZE);

        Tensor result = compute.keepOnly(() -> {
            compute.take(SIZE);
            return outer;
        });

        assertThat(result).isSameAs(outer);
        assertThat(compute.take(SIZE).values()).isNotSameAs(outer.values()); // the one that went back
        assertThat(compute.take(SIZE).values()).isNotSameAs(outer.values());
    }

    @Test
    void keepOnlyLeavesAloneWhatWasTakenBeforeIt() {
        Tensor outer = compute.take(SIZE);

        compute.keepOnly(() -> compute.take(SIZE));

        assertThat(buffers(take(3))).doesNotContain(new Buffer(outer.values()));
    }

    @Test
    void keepOnlyMayReturnATensorThatWasNotTaken() {
        Tensor own = Tensor.zeros(SIZE);

        compute.keepOnly(() -> own);

        assertThat(compute.take(SIZE).values()).isNotSameAs(own.values());
    }

    @Test
    void theResultOfAnInnerStretchGoesBackWithTheOuterOne() {
        List<Tensor> inner = new ArrayList<>();

        Tensor result = compute.keepOnly(() -> {
            Tensor kept = compute.keepOnly(() -> compute.take(SIZE));
            inner.add(kept);
            return compute.take(SIZE);
        });

        assertThat(compute.take(SIZE).values())
                .isSameAs(inner.getFirst().values())
                .isNotSameAs(result.values());
    }

    @Test
    void keepOnlyGivesBackEverythingAlsoWhenAnEarlierBufferWasGivenBackInside() {
        Tensor outer = compute.take(SIZE);
        List<Tensor> intermediate = new ArrayList<>();

        Tensor result = compute.keepOnly(() -> {
            compute.giveBack(outer);
            intermediate.addAll(take(3));
            return compute.take(SIZE);
        });

        assertThat(buffers(take(3))).containsExactlyInAnyOrderElementsOf(buffers(intermediate));
        assertThat(compute.take(SIZE).values()).isNotSameAs(result.values());
    }

    @Test
    void keepOnlyGivesBackEverythingWhenItsWorkFails() {
        List<Tensor> intermediate = new ArrayList<>();

        assertThatIllegalStateException()
                .isThrownBy(() -> compute.keepOnly(() -> {
                    intermediate.addAll(take(3));
                    throw new IllegalStateException("the work fails");
                }));

        assertThat(buffers(take(3))).containsExactlyInAnyOrderElementsOf(buffers(intermediate));
    }

    @Test
    void aBufferThatWasGivenBackIsTakenAgain() {
        Tensor first = compute.take(SIZE);
        compute.giveBack(first);

        assertThat(compute.take(SIZE).values()).isSameAs(first.values());
    }

    @Test
    void aBufferThatIsGivenBackTwiceIsTakenOnce() {
        Tensor first = compute.take(SIZE);
        compute.giveBack(first);
        compute.giveBack(first);

        assertThat(buffers(take(2))).hasSize(2);
    }

    @Test
    void aTensorThatWasNotTakenHereIsNotGivenBack() {
        Tensor own = Tensor.zeros(SIZE);
        compute.giveBack(own);

        assertThat(compute.take(SIZE).values()).isNotSameAs(own.values());
    }

    @Test
    void resetGivesEverythingBack() {
        List<Tensor> pass = take(5);
        compute.reset();

        assertThat(buffers(take(5))).containsExactlyInAnyOrderElementsOf(buffers(pass));
    }

    @Test
    void theShortestBufferThatFitsIsTaken() {
        Tensor large = compute.take(3000);
        Tensor small = compute.take(2000);
        compute.reset();

        assertThat(compute.take(1900).values()).isSameAs(small.values());
        assertThat(compute.take(1900).values()).isSameAs(large.values());
    }

    @Test
    void aMuchLongerBufferIsLeftForSomeoneWhoNeedsIt() {
        Tensor large = compute.take(100_000);
        compute.reset();

        assertThat(compute.take(10_000).values()).isNotSameAs(large.values());
        assertThat(compute.take(90_000).values()).isSameAs(large.values());
    }

    @Test
    void passesOfSimilarSizeFindEachOthersBuffers() {
        Tensor first = compute.take(10_000);
        compute.reset();

        assertThat(compute.take(10_050).values()).isSameAs(first.values());
    }

    @Test
    void aSecondIdenticalPassAllocatesNothing() {
        Set<Buffer> first = pass();
        compute.reset();
        Set<Buffer> second = pass();

        assertThat(first).hasSizeGreaterThan(1);
        assertThat(first).containsAll(second);
    }

    /// A pass of operations of different widths, and all arrays that it came by.
    private Set<Buffer> pass() {
        SeededTensors seeded = new SeededTensors(1);
        Weight up = Weight.of(seeded.normal(61, 31), compute.kernels());
        Weight down = Weight.of(seeded.normal(31, 61), compute.kernels());
        Tensor vector = seeded.normal(31);
        List<Tensor> seen = new ArrayList<>();
        Tensor x = keep(seen, compute.lookUp(seeded.normal(7, 31), new int[] {1, 2, 3, 5, 6}, "token id"));
        for (int layer = 0; layer < 3; layer++) {
            Tensor input = x;
            x = compute.keepOnly(() -> {
                Tensor inner = keep(seen, compute.linear(input, up, null, Activation.RELU));
                Tensor outer = keep(seen, compute.linear(inner, down, vector, Activation.IDENTITY));
                Tensor sum = keep(seen, compute.sum(input, outer));
                return keep(seen, compute.layerNorm(sum, null, vector, vector, 1e-5f));
            });
            compute.giveBack(input);
        }
        return buffers(seen);
    }

    private static Tensor keep(List<Tensor> seen, Tensor tensor) {
        seen.add(tensor);
        return tensor;
    }

    @Test
    void scratchThatIsLongEnoughIsBorrowedAgain() {
        float[] scratch = compute.borrowScratch(SIZE);
        compute.returnScratch(scratch);

        assertThat(compute.borrowScratch(SIZE / 2)).isSameAs(scratch);
        assertThat(compute.borrowScratch(SIZE)).isNotSameAs(scratch);
    }

    @Test
    void scratchThatIsTooShortIsNotBorrowed() {
        compute.returnScratch(new float[3]);

        assertThat(compute.borrowScratch(SIZE)).hasSizeGreaterThanOrEqualTo(SIZE);
    }

    private List<Tensor> take(int count) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tensors.add(compute.take(SIZE));
        }
        return tensors;
    }

    private static Set<Buffer> buffers(List<Tensor> tensors) {
        return tensors.stream().map(tensor -> new Buffer(tensor.values())).collect(Collectors.toSet());
    }

    /// An array that equals itself alone, whatever it holds.
    private record Buffer(float[] array) {
        @Override
        @SuppressWarnings("ReferenceEquality") // one array, not two with the same values
        public boolean equals(Object other) {
            return other instanceof Buffer(float[] same) && array == same;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(array);
        }

        @Override
        public String toString() {
            return "buffer " + hashCode() + " of " + array.length;
        }
    }
}
