package heed.family;

import heed.tensor.Sequences;
import java.util.ArrayList;
import java.util.List;

/// Token ids of several sequences, one after the other without padding.
///
/// @param ids `[N]`
/// @param typeIds `[N]`, the segment of each token
public record TokenBatch(int[] ids, int[] typeIds, Sequences sequences) {
    /// Tokens in one pass: enough to keep all cores busy, few enough that activations stay in the caches.
    private static final int TOKENS_PER_PASS = 1024;

    public TokenBatch {
        if (ids.length != sequences.tokens() || typeIds.length != ids.length) {
            throw new IllegalArgumentException("a batch of " + sequences.tokens() + " tokens has " + ids.length
                    + " ids and " + typeIds.length + " type ids");
        }
    }

    /// One sequence of the first segment.
    public static TokenBatch of(int... ids) {
        return new TokenBatch(ids, new int[ids.length], Sequences.single(ids.length));
    }

    /// Several sequences of the first segment.
    ///
    /// @param ids one array per sequence
    public static TokenBatch of(List<int[]> ids) {
        return of(ids, ids.stream().map(array -> new int[array.length]).toList());
    }

    /// @param ids one array per sequence
    /// @param typeIds one array per sequence, each as long as its ids
    public static TokenBatch of(List<int[]> ids, List<int[]> typeIds) {
        int[] lengths = ids.stream().mapToInt(array -> array.length).toArray();
        Sequences sequences = Sequences.ofLengths(lengths);
        return new TokenBatch(concatenate(ids, sequences), concatenate(typeIds, sequences), sequences);
    }

    /// Cuts sequences into batches that are good to compute, in their order; a longer sequence is a batch of
    /// its own.
    public static List<TokenBatch> batches(List<int[]> ids, List<int[]> typeIds) {
        List<TokenBatch> batches = new ArrayList<>();
        int from = 0;
        while (from < ids.size()) {
            int to = from;
            int count = 0;
            while (to < ids.size() && (to == from || count + ids.get(to).length <= TOKENS_PER_PASS)) {
                count += ids.get(to++).length;
            }
            batches.add(of(ids.subList(from, to), typeIds.subList(from, to)));
            from = to;
        }
        return batches;
    }

    private static int[] concatenate(List<int[]> arrays, Sequences sequences) {
        if (arrays.size() != sequences.count()) {
            throw new IllegalArgumentException(
                    "ids of " + sequences.count() + " sequences, type ids of " + arrays.size());
        }
        int[] all = new int[sequences.tokens()];
        for (int b = 0; b < arrays.size(); b++) {
            int[] array = arrays.get(b);
            if (array.length != sequences.length(b)) {
                throw new IllegalArgumentException(
                        "sequence " + b + " has " + sequences.length(b) + " ids and " + array.length + " type ids");
            }
            System.arraycopy(array, 0, all, sequences.start(b), array.length);
        }
        return all;
    }
}
