package heed.attention;

import heed.tensor.Sequences;
import java.util.function.Supplier;

/// What the layers of a decoder remember of earlier passes. [#none] remembers nothing: the pass has the whole
/// of every sequence, as in training. A [KeyValueCache] lets a pass bring the new tokens alone.
///
/// A pass asks first for [#keys], then for the keys and values of each layer, and says [#advance] when all
/// layers are done; a pass that fails before that has left nothing behind.
public sealed interface Past permits Past.None, KeyValueCache {
    /// Nothing is remembered.
    static Past none() {
        return new None();
    }

    /// Where all positions lie once these are added: the earlier ones of each sequence, then the new.
    ///
    /// @throws IllegalArgumentException when there are not as many sequences as are remembered
    Sequences keys(Sequences added);

    /// The keys and values of all positions of a layer, the given ones added behind the earlier.
    KeysAndValues extend(int layer, KeysAndValues added, Sequences rows);

    /// The keys and values that a layer has of the encoder's output, projected when first asked for.
    KeysAndValues memory(int layer, Supplier<KeysAndValues> projection);

    /// Where each sequence finds its own part of the encoder's output: several may share one.
    ///
    /// @param memory the sequences that were encoded
    Sequences memoryKeys(Sequences memory);

    /// Ends a pass: what it added is now past.
    void advance();

    record None() implements Past {
        @Override
        public Sequences keys(Sequences added) {
            return added;
        }

        @Override
        public KeysAndValues extend(int layer, KeysAndValues added, Sequences rows) {
            return added;
        }

        @Override
        public KeysAndValues memory(int layer, Supplier<KeysAndValues> projection) {
            return projection.get();
        }

        @Override
        public Sequences memoryKeys(Sequences memory) {
            return memory;
        }

        @Override
        public void advance() {}
    }
}
