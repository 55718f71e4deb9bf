package heed.family;

import heed.attention.KeyValueCache;
import heed.attention.Past;
import heed.pass.Pass;
import heed.tensor.Tensor;

/// A draft whose past is the keys and values of every layer.
record CachedDraft(KeyValueCache cache, Decoding decoding) implements Draft {
    /// A pass through a decoder.
    @FunctionalInterface
    interface Decoding {
        Tensor decode(TokenBatch more, Past past, Pass pass);
    }

    @Override
    public int sequences() {
        return cache.sequences();
    }

    @Override
    public int length(int sequence) {
        return cache.length(sequence);
    }

    @Override
    public Tensor extend(TokenBatch more, Pass pass) {
        return decoding.decode(more, cache, pass);
    }

    @Override
    public void join(int count) {
        cache.join(count);
    }

    @Override
    public void reorder(int... parents) {
        cache.reorder(parents);
    }
}
