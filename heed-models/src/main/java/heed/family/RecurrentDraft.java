package heed.family;

import heed.pass.Pass;
import heed.recurrent.RecurrentStack;
import heed.recurrent.RecurrentState;
import heed.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A draft whose past is one state: it costs the same however much was written.
final class RecurrentDraft implements Draft {
    private final Reading reading;
    private @Nullable RecurrentState state; // of the sequences of the last pass; null for zeros
    private int states; // how many those were
    private int[] row; // [B], where each sequence finds its state among them
    private int[] source; // [B], which source each is about
    private int[] length; // [B]

    /// A pass through a recurrent network.
    @FunctionalInterface
    interface Reading {
        /// @param before the state of every sequence; null for zeros
        /// @param source the number of the source of every sequence
        RecurrentStack.Run read(TokenBatch more, @Nullable RecurrentState before, int[] source, Pass pass);
    }

    /// @param start the state of every sequence; null for zeros
    RecurrentDraft(int sequences, @Nullable RecurrentState start, Reading reading) {
        this.reading = reading;
        this.state = start;
        this.states = sequences;
        this.row = IntStream.range(0, sequences).toArray();
        this.source = row.clone();
        this.length = new int[sequences];
    }

    @Override
    public int sequences() {
        return length.length;
    }

    @Override
    public int length(int sequence) {
        return length[sequence];
    }

    @Override
    public Tensor extend(TokenBatch more, Pass pass) {
        if (more.sequences().count() != length.length) {
            throw new IllegalArgumentException(
                    "the pass has " + more.sequences().count() + " sequences, the draft has " + length.length);
        }
        RecurrentState before = state == null ? null : state.of(states, row, pass);
        RecurrentStack.Run run = reading.read(more, before, source, pass);
        state = run.last().copy();
        states = length.length;
        row = IntStream.range(0, length.length).toArray();
        Arrays.setAll(length, b -> length[b] + more.sequences().length(b));
        return run.hidden();
    }

    @Override
    public void join(int count) {
        int before = length.length;
        RecurrentState known = state;
        state = known == null ? null : known.withBeginners(states, count);
        row = Arrays.copyOf(row, before + count);
        for (int i = 0; i < count; i++) {
            row[before + i] = states + i;
        }
        states += count;
        source = Arrays.copyOf(source, before + count); // of no meaning without sources
        length = Arrays.copyOf(length, before + count);
    }

    @Override
    public void reorder(int... parents) {
        for (int parent : parents) {
            if (parent < 0 || parent >= length.length) {
                throw new IllegalArgumentException(
                        "there is no sequence " + parent + " to continue, the draft has " + length.length);
            }
        }
        row = Arrays.stream(parents).map(p -> row[p]).toArray();
        source = Arrays.stream(parents).map(p -> source[p]).toArray();
        length = Arrays.stream(parents).map(p -> length[p]).toArray();
    }
}
