package heed.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Arrays that are used again, from operation to operation and from pass to pass. Owned by one thread at a
/// time.
final class Buffers {
    private final List<float[]> free = new ArrayList<>();
    private int untouched; // so many at the beginning of `free` were not taken in this pass
    private final List<float[]> taken = new ArrayList<>();
    private long lent; // floats in `taken`
    private long mostLent; // at once, in this pass
    private long needed; // at once, in recent passes

    /// An array of at least so many elements, with unspecified content.
    float[] take(int elements) {
        float[] buffer = find(elements);
        taken.add(buffer);
        lent += buffer.length;
        mostLent = Math.max(mostLent, lent);
        return buffer;
    }

    private float[] find(int elements) {
        int best = -1;
        for (int i = 0; i < free.size(); i++) {
            int length = free.get(i).length;
            if (length >= elements && (best < 0 || length < free.get(best).length)) {
                best = i;
            }
        }
        // A buffer more than twice as long is left for someone who needs it.
        if (best >= 0 && free.get(best).length / 2 <= Math.max(elements, 1024)) {
            untouched -= best < untouched ? 1 : 0;
            return free.remove(best);
        }
        return new float[roundUp(elements)];
    }

    /// Lengths come in steps of an eighth of their power of two, so that passes of similar size find each
    /// other's buffers.
    private static int roundUp(int elements) {
        int step = Math.max(64, Integer.highestOneBit(Math.max(1, elements)) / 8);
        long rounded = (elements + (long) step - 1) / step * step;
        return (int) Math.min(rounded, Integer.MAX_VALUE - 8);
    }

    /// Remembers how far taking has come: a place, not a number, for earlier buffers may be given back
    /// meanwhile.
    float[] mark() {
        float[] mark = new float[0];
        taken.add(mark);
        return mark;
    }

    /// Gives back every buffer that was taken after a mark, except one.
    void giveBackAfter(float[] mark, float @Nullable [] except) {
        boolean kept = false;
        while (!taken.isEmpty()) {
            float[] buffer = taken.removeLast();
            if (isSame(buffer, mark)) {
                break;
            }
            if (except != null && isSame(buffer, except)) {
                kept = true;
            } else {
                putBack(buffer);
            }
        }
        if (except != null && kept) {
            taken.add(except);
        }
    }

    /// Gives one buffer back; an array that was not taken here is left alone.
    void giveBack(float[] buffer) {
        for (int i = taken.size() - 1; i >= 0; i--) {
            if (isSame(taken.get(i), buffer)) {
                putBack(taken.remove(i));
                return;
            }
        }
    }

    /// Floats that were taken at once at most, in this pass.
    long mostLent() {
        return mostLent;
    }

    /// Ends a pass: every buffer goes back. Buffers that this pass did not take are dropped where they go
    /// beyond what recent passes needed, so that one long text is not remembered for ever, and passes that are
    /// alike allocate nothing.
    void reset() {
        taken.forEach(this::putBack);
        taken.clear();
        needed = Math.max(mostLent, needed - needed / 8);
        mostLent = 0;
        long held = free.stream().mapToLong(buffer -> buffer.length).sum();
        int dropped = 0;
        while (held > needed && dropped < untouched) {
            held -= free.get(dropped++).length;
        }
        free.subList(0, dropped).clear();
        untouched = free.size();
    }

    private void putBack(float[] buffer) {
        lent -= buffer.length;
        free.add(buffer);
    }

    @SuppressWarnings("ReferenceEquality") // one array, not two with the same values
    private static boolean isSame(float[] buffer, float[] other) {
        return buffer == other;
    }
}
