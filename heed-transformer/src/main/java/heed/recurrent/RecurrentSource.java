package heed.recurrent;

import heed.stack.Memory;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What an encoder made of sources, for a decoder to write about.
///
/// @param memory the states of every source position
/// @param keys what the decoder compares its own state with, a row for each of those, computed once however
/// many tokens are written; null for a decoder that compares with those states themselves, or with nothing
/// @param start the decoder's state before the first position
public record RecurrentSource(Memory memory, @Nullable Tensor keys, RecurrentState start) {
    /// The same numbers in arrays of their own: they outlive the pass.
    public RecurrentSource copy() {
        Memory copied = new Memory(memory.states().copy(), memory.sequences());
        return new RecurrentSource(copied, keys == null ? null : keys.copy(), start.copy());
    }

    /// The source of some sequences; one may be there more than once. All but the start stays where it is.
    ///
    /// @param chosen the number of the source of each
    public RecurrentSource seenBy(int[] chosen) {
        Sequences all = memory.sequences();
        int[] starts = Arrays.stream(chosen).map(all::start).toArray();
        int[] lengths = Arrays.stream(chosen).map(all::length).toArray();
        return new RecurrentSource(
                new Memory(memory.states(), Sequences.placed(starts, lengths, all.rows())), keys, start);
    }
}
