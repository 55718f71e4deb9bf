package heed.attention;

import heed.tensor.Sequences;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Keys and values of the positions that a decoder has been through, so that each new one costs one row of
/// work and not a whole sequence. Owned by whoever decodes; one thread at a time.
///
/// Every layer has one matrix of keys and one of values, cut into slots of equal length; a sequence lives in a
/// slot and is a run of rows there, which attention reads in place. Sequences may have different lengths.
/// [#reorder] moves sequences by exchanging slots; only one that continues twice is copied, from the position
/// on at which the two slots differ.
public final class KeyValueCache implements Past {
    private final int width;
    private final float[][] keys; // [layers][slots · capacity · width]
    private final float[][] values;
    private final @Nullable KeysAndValues[] memory; // [layers]
    private int capacity; // positions of a slot
    private int slots;
    private int[] slot; // [B], where each sequence lives
    private int[] length; // [B]
    private int[] source; // [B], which encoded sequence each looks at
    private int[][] common; // [slots][slots], how many first positions two slots have in common
    private @Nullable Sequences pending; // the sequences of the pass under way, with what it adds

    /// @param layers of the decoder
    /// @param width Hkv·Dh, of the keys and values of one position
    /// @param sequences B
    /// @param positions room for as many in each sequence; more is found when needed
    public KeyValueCache(int layers, int width, int sequences, int positions) {
        this.width = width;
        this.capacity = Math.max(1, positions);
        this.slots = sequences;
        requireSize(sequences, capacity);
        this.keys = new float[layers][sequences * capacity * width];
        this.values = new float[layers][sequences * capacity * width];
        this.memory = new KeysAndValues[layers];
        this.slot = IntStream.range(0, sequences).toArray();
        this.source = slot.clone();
        this.length = new int[sequences];
        this.common = new int[sequences][sequences];
    }

    /// B
    public int sequences() {
        return slot.length;
    }

    /// The positions of a sequence so far.
    public int length(int sequence) {
        return length[sequence];
    }

    @Override
    public Sequences keys(Sequences added) {
        if (added.count() != slot.length) {
            throw new IllegalArgumentException(
                    "the pass has " + added.count() + " sequences, the cache remembers " + slot.length);
        }
        int[] total = new int[slot.length];
        for (int b = 0; b < total.length; b++) {
            total[b] = length[b] + added.length(b);
        }
        int longest = Arrays.stream(total).max().orElse(0);
        if (longest > capacity) {
            resize(slots, Math.max(longest, capacity + capacity / 2));
        }
        int[] starts = Arrays.stream(slot).map(s -> s * capacity).toArray();
        Sequences all = Sequences.placed(starts, total, slots * capacity);
        pending = all;
        return all;
    }

    @Override
    public KeysAndValues extend(int layer, KeysAndValues added, Sequences rows) {
        Sequences all = pending;
        if (all == null) {
            throw new IllegalStateException("a pass asks for the sequences of the cache first");
        }
        for (int b = 0; b < rows.count(); b++) {
            int to = (all.end(b) - rows.length(b)) * width;
            copyRows(added.keys(), rows.start(b), rows.length(b), keys[layer], to);
            copyRows(added.values(), rows.start(b), rows.length(b), values[layer], to);
        }
        Shape shape = Shape.of(slots * capacity, width);
        return new KeysAndValues(Tensor.of(shape, keys[layer]), Tensor.of(shape, values[layer]));
    }

    private void copyRows(Tensor from, int row, int count, float[] to, int offset) {
        if (from.size(1) != width) {
            throw new IllegalArgumentException(
                    "keys and values have " + from.size(1) + " columns, the cache has " + width);
        }
        for (int i = 0; i < count; i++) {
            System.arraycopy(from.values(), from.offset() + (row + i) * from.stride(0), to, offset + i * width, width);
        }
    }

    @Override
    public KeysAndValues memory(int layer, Supplier<KeysAndValues> projection) {
        KeysAndValues known = memory[layer];
        if (known == null) {
            KeysAndValues projected = projection.get();
            known = new KeysAndValues(
                    projected.keys().copy(), projected.values().copy());
            memory[layer] = known;
        }
        return known;
    }

    @Override
    public Sequences memoryKeys(Sequences encoded) {
        int[] starts = Arrays.stream(source).map(encoded::start).toArray();
        int[] lengths = Arrays.stream(source).map(encoded::length).toArray();
        return Sequences.placed(starts, lengths, encoded.rows());
    }

    @Override
    public void advance() {
        Sequences all = pending;
        if (all == null) {
            throw new IllegalStateException("no pass is under way");
        }
        length = all.lengths();
        pending = null;
    }

    /// Makes sequence `i` the continuation of the former sequence `parents[i]`, for beam search: a parent may
    /// have several continuations or none, and there may be more or fewer sequences than before.
    ///
    /// @throws IllegalArgumentException when there is no such parent
    public void reorder(int... parents) {
        for (int parent : parents) {
            if (parent < 0 || parent >= slot.length) {
                throw new IllegalArgumentException(
                        "there is no sequence " + parent + " to continue, the cache has " + slot.length);
            }
        }
        if (parents.length > slots) {
            resize(parents.length, capacity);
        }
        int[] newSlot = new int[parents.length];
        boolean[] taken = new boolean[slots];
        for (int i = 0; i < parents.length; i++) { // a first continuation stays where its parent is
            int home = slot[parents[i]];
            newSlot[i] = taken[home] ? -1 : home;
            taken[home] = true;
        }
        for (int i = 0; i < parents.length; i++) {
            if (newSlot[i] < 0) {
                newSlot[i] = nearestFree(taken, slot[parents[i]]);
                taken[newSlot[i]] = true;
                copySlot(slot[parents[i]], newSlot[i], length[parents[i]]);
            }
        }
        length = Arrays.stream(parents).map(p -> length[p]).toArray();
        source = Arrays.stream(parents).map(p -> source[p]).toArray();
        slot = newSlot;
    }

    /// Makes room for more sequences behind those that are there; they have no positions yet. For a decoder
    /// that looks at no source.
    public void join(int count) {
        int before = slot.length;
        if (before + count > slots) {
            resize(before + count, capacity);
        }
        boolean[] taken = new boolean[slots];
        for (int s : slot) {
            taken[s] = true;
        }
        int[] homes = Arrays.copyOf(slot, before + count);
        for (int i = before; i < homes.length; i++) {
            int home = firstFree(taken);
            taken[home] = true;
            homes[i] = home;
            for (int s = 0; s < slots; s++) { // it will be written from its beginning on
                common[home][s] = 0;
                common[s][home] = 0;
            }
        }
        slot = homes;
        length = Arrays.copyOf(length, homes.length);
        source = Arrays.copyOf(source, homes.length);
    }

    private static int firstFree(boolean[] taken) {
        int free = 0;
        while (taken[free]) {
            free++;
        }
        return free;
    }

    /// The free slot that has most in common with another, so that least is copied.
    private int nearestFree(boolean[] taken, int other) {
        int best = -1;
        for (int s = 0; s < slots; s++) {
            if (!taken[s] && (best < 0 || common[s][other] > common[best][other])) {
                best = s;
            }
        }
        return best;
    }

    private void copySlot(int from, int to, int positions) {
        int known = Math.min(common[from][to], positions);
        int count = (positions - known) * width;
        for (int layer = 0; layer < keys.length; layer++) {
            int source = (from * capacity + known) * width;
            int target = (to * capacity + known) * width;
            System.arraycopy(keys[layer], source, keys[layer], target, count);
            System.arraycopy(values[layer], source, values[layer], target, count);
        }
        for (int s = 0; s < slots; s++) {
            int shared = s == from ? positions : Math.min(common[from][s], positions);
            common[to][s] = shared;
            common[s][to] = shared;
        }
    }

    private void resize(int newSlots, int newCapacity) {
        requireSize(newSlots, newCapacity);
        for (int layer = 0; layer < keys.length; layer++) {
            keys[layer] = resized(keys[layer], newSlots, newCapacity);
            values[layer] = resized(values[layer], newSlots, newCapacity);
        }
        int[][] newCommon = new int[newSlots][newSlots];
        for (int s = 0; s < slots; s++) {
            System.arraycopy(common[s], 0, newCommon[s], 0, slots);
        }
        common = newCommon;
        slots = newSlots;
        capacity = newCapacity;
    }

    private float[] resized(float[] old, int newSlots, int newCapacity) {
        float[] larger = new float[newSlots * newCapacity * width];
        for (int s = 0; s < slots; s++) {
            System.arraycopy(old, s * capacity * width, larger, s * newCapacity * width, capacity * width);
        }
        return larger;
    }

    private void requireSize(int newSlots, int newCapacity) {
        if ((long) newSlots * newCapacity * width > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a cache of " + newSlots + " sequences of " + newCapacity
                    + " positions is too large: decode fewer at once");
        }
    }
}
