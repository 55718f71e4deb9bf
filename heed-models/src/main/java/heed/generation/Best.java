package heed.generation;

import java.util.Arrays;

/// The highest few of many scores, best first; of equal ones those offered first.
public final class Best {
    private final float[] scores;
    private final int[] indices;
    private int size;

    /// @param capacity how many are kept
    public Best(int capacity) {
        scores = new float[capacity];
        indices = new int[capacity];
    }

    public Best offerAll(float[] values) {
        for (int i = 0; i < values.length; i++) {
            offer(values[i], i);
        }
        return this;
    }

    public void offer(float score, int index) {
        if (size == scores.length && !(score > scores[size - 1])) {
            return;
        }
        int at = size == scores.length ? size - 1 : size++;
        while (at > 0 && score > scores[at - 1]) {
            scores[at] = scores[at - 1];
            indices[at] = indices[at - 1];
            at--;
        }
        scores[at] = score;
        indices[at] = index;
    }

    public int size() {
        return size;
    }

    public float score(int rank) {
        return scores[rank];
    }

    public int index(int rank) {
        return indices[rank];
    }

    /// The score that is the last to belong.
    float least() {
        return scores[size - 1];
    }

    @Override
    public String toString() {
        return Arrays.toString(Arrays.copyOf(scores, size));
    }
}
