package heed.generation;

/// The indices of scores from the highest on, equal ones in their order. A heap: what is not asked for is not
/// sorted, and a nucleus is small beside a vocabulary.
final class Descending {
    private final float[] scores;
    private final int[] heap;
    private int size;

    /// Leaves `-∞` out.
    Descending(float[] scores) {
        this.scores = scores;
        heap = new int[scores.length];
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] > Float.NEGATIVE_INFINITY) {
                heap[size++] = i;
            }
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
        }
    }

    boolean hasNext() {
        return size > 0;
    }

    int next() {
        int first = heap[0];
        heap[0] = heap[--size];
        sink(0);
        return first;
    }

    private void sink(int at) {
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], heap[at])) {
                return;
            }
            int lower = heap[at];
            heap[at] = heap[child];
            heap[child] = lower;
            at = child;
        }
    }

    private boolean before(int i, int j) {
        return scores[i] > scores[j] || (scores[i] == scores[j] && i < j);
    }
}
