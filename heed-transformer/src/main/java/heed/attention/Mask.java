package heed.attention;

import java.util.List;

/// Which key positions a query position may look at: *visible* is true, everywhere in Heed. A hidden pair has
/// weight exactly 0.
public sealed interface Mask {
    /// Everything is visible: an encoder reads left and right.
    static Mask none() {
        return new None();
    }

    /// No position sees a later one: a decoder may not look at what it is about to write.
    static Mask causal() {
        return new Causal();
    }

    /// Whether query `i` of a sequence sees key `j`.
    ///
    /// @param queries Tq, for aligning the ends of queries and keys when there are more keys than queries
    /// @param keys Tk
    boolean visible(int sequence, int i, int j, int queries, int keys);

    /// The first key that query `i` may see; everything before it is hidden.
    default int from(int sequence, int i, int queries, int keys) {
        return 0;
    }

    /// The key after the last one that query `i` may see; it and everything after it are hidden.
    default int to(int sequence, int i, int queries, int keys) {
        return keys;
    }

    /// Whether everything between [#from] and [#to] is visible, so that no pair need be asked about singly.
    boolean contiguous();

    /// Whether this holds at least for one sequence of the batch.
    default boolean contiguous(int sequence) {
        return contiguous();
    }

    /// Whether what is hidden between [#from] and [#to] is hidden from every query, so that [#keyVisible] says
    /// it for all of them at once.
    default boolean sameForAllQueries() {
        return contiguous();
    }

    /// Where [#sameForAllQueries]: whether key `j` is visible to the queries that have it between [#from] and
    /// [#to].
    default boolean keyVisible(int sequence, int j, int keys) {
        return true;
    }

    /// This mask and another: visible is what both show.
    default Mask and(Mask other) {
        return new Both(this, other);
    }

    record None() implements Mask {
        @Override
        public boolean visible(int sequence, int i, int j, int queries, int keys) {
            return true;
        }

        @Override
        public boolean contiguous() {
            return true;
        }
    }

    /// Key `j` is visible to query `i` when it is not later: `j ≤ i + Tk - Tq`. The ends are aligned, so that
    /// new queries see all cached keys.
    record Causal() implements Mask {
        @Override
        public boolean visible(int sequence, int i, int j, int queries, int keys) {
            return j <= i + keys - queries;
        }

        @Override
        public int to(int sequence, int i, int queries, int keys) {
            return Math.clamp(i + keys - queries + 1L, 0, keys);
        }

        @Override
        public boolean contiguous() {
            return true;
        }
    }

    /// Only keys fewer than `width` positions away are visible, on both sides (Beltagy et al. 2020); with
    /// [#causal()] the sliding window of decoders.
    record Window(int width) implements Mask {
        public Window {
            if (width < 1) {
                throw new IllegalArgumentException("a window of " + width + " positions shows nothing, use at least 1");
            }
        }

        @Override
        public boolean visible(int sequence, int i, int j, int queries, int keys) {
            return Math.abs((long) i + keys - queries - j) < width;
        }

        @Override
        public int from(int sequence, int i, int queries, int keys) {
            return Math.clamp((long) i + keys - queries - width + 1, 0, keys);
        }

        @Override
        public int to(int sequence, int i, int queries, int keys) {
            return Math.clamp((long) i + keys - queries + width, 0, keys);
        }

        @Override
        public boolean contiguous() {
            return true;
        }
    }

    /// Single keys hidden from everyone: padding and holes that a caller's batch has.
    ///
    /// @param visible one array per sequence, one entry per key
    record Keys(List<boolean[]> visible) implements Mask {
        public Keys {
            visible = List.copyOf(visible);
        }

        @Override
        public boolean visible(int sequence, int i, int j, int queries, int keys) {
            return shown(sequence, keys)[j];
        }

        private boolean[] shown(int sequence, int keys) {
            if (sequence >= visible.size()) {
                throw new IllegalArgumentException("sequence " + sequence
                        + " of the key has no mask, there are masks of " + visible.size() + " sequences");
            }
            boolean[] shown = visible.get(sequence);
            if (shown.length != keys) {
                throw new IllegalArgumentException(
                        "key has " + keys + " positions, mask of sequence " + sequence + " has " + shown.length);
            }
            return shown;
        }

        @Override
        public int from(int sequence, int i, int queries, int keys) {
            return firstShown(shown(sequence, keys));
        }

        @Override
        public int to(int sequence, int i, int queries, int keys) {
            return endOfShown(shown(sequence, keys));
        }

        private static int firstShown(boolean[] shown) {
            int first = 0;
            while (first < shown.length && !shown[first]) {
                first++;
            }
            return first;
        }

        private static int endOfShown(boolean[] shown) {
            int end = shown.length;
            while (end > 0 && !shown[end - 1]) {
                end--;
            }
            return end;
        }

        @Override
        public boolean contiguous() {
            return false;
        }

        /// Padding at one end or both leaves one stretch.
        @Override
        public boolean contiguous(int sequence) {
            if (sequence >= visible.size()) {
                return false;
            }
            boolean[] shown = visible.get(sequence);
            int end = endOfShown(shown);
            for (int j = firstShown(shown); j < end; j++) {
                if (!shown[j]) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean sameForAllQueries() {
            return true;
        }

        @Override
        public boolean keyVisible(int sequence, int j, int keys) {
            return shown(sequence, keys)[j];
        }
    }

    /// Any set of pairs.
    record Pairs(Rule rule) implements Mask {
        /// Says of one pair whether it is visible.
        @FunctionalInterface
        public interface Rule {
            boolean visible(int sequence, int query, int key);
        }

        @Override
        public boolean visible(int sequence, int i, int j, int queries, int keys) {
            return rule.visible(sequence, i, j);
        }

        @Override
        public boolean contiguous() {
            return false;
        }
    }

    /// What both masks show.
    record Both(Mask first, Mask second) implements Mask {
        @Override
        public boolean visible(int sequence, int i, int j, int queries, int keys) {
            return first.visible(sequence, i, j, queries, keys) && second.visible(sequence, i, j, queries, keys);
        }

        @Override
        public int from(int sequence, int i, int queries, int keys) {
            return Math.max(first.from(sequence, i, queries, keys), second.from(sequence, i, queries, keys));
        }

        @Override
        public int to(int sequence, int i, int queries, int keys) {
            return Math.min(first.to(sequence, i, queries, keys), second.to(sequence, i, queries, keys));
        }

        @Override
        public boolean contiguous() {
            return first.contiguous() && second.contiguous();
        }

        @Override
        public boolean contiguous(int sequence) {
            return first.contiguous(sequence) && second.contiguous(sequence);
        }

        @Override
        public boolean sameForAllQueries() {
            return first.sameForAllQueries() && second.sameForAllQueries();
        }

        @Override
        public boolean keyVisible(int sequence, int j, int keys) {
            return first.keyVisible(sequence, j, keys) && second.keyVisible(sequence, j, keys);
        }
    }
}
