package heed.kernel;

/// Which values of a matrix are dropped (Srivastava et al. 2014). The random bits of an element are a hash of
/// the key, its row and its column, and of nothing else: no generator is carried along, so the bits are the
/// same on any number of threads, and a backward or a repeated forward pass finds them again without having
/// stored them.
///
/// @param rate the share of values that become 0; the others are divided by `1 - rate`
/// @param key a different one for every use in a pass and for every step
public record Dropout(float rate, long key) {
    /// Columns are this far apart before they are mixed: 2³² divided by the golden ratio.
    static final int COLUMN_STEP = 0x9E3779B9;

    // The mixing of 32 bits is the finaliser of MurmurHash3 (Appleby 2011).
    static final int FIRST_SHIFT = 16;
    static final int FIRST_FACTOR = 0x85EBCA6B;
    static final int SECOND_SHIFT = 13;
    static final int SECOND_FACTOR = 0xC2B2AE35;

    public Dropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("a dropout rate must be at least 0 and below 1, got " + rate);
        }
    }

    /// What a kept value is multiplied by: the mean stays what it was.
    public float scale() {
        return 1 / (1 - rate);
    }

    /// Whether the value at a row and column stays.
    public boolean keeps(long row, int column) {
        return bits(rowKey(row), column) >>> 1 >= threshold();
    }

    /// 31 bits that are below this drop the value.
    int threshold() {
        return (int) (rate * 0x1p31);
    }

    /// One of many unrelated dropouts.
    ///
    /// @param seed of a pass
    /// @param number of the use in the pass
    public static Dropout of(float rate, long seed, long number) {
        return new Dropout(rate, mixed(mixed(seed) + number));
    }

    int rowKey(long row) {
        return (int) mixed(key + row);
    }

    /// A step of SplitMix64 (Steele et al. 2014).
    private static long mixed(long x) {
        long z = (x + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    static int bits(int rowKey, int column) {
        int x = rowKey ^ column * COLUMN_STEP;
        x = (x ^ (x >>> FIRST_SHIFT)) * FIRST_FACTOR;
        return (x ^ (x >>> SECOND_SHIFT)) * SECOND_FACTOR;
    }
}
