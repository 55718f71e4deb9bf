package heed.tensor;

/// Whether what is about to be allocated fits the heap: asked before large allocations, for a refusal that says
/// what is needed is worth more than an [OutOfMemoryError] half-way.
public final class Heap {
    private static final long MEGABYTE = 1 << 20;

    private Heap() {}

    /// @param bytes that will be allocated and held, roughly
    /// @param what needs them, as the message begins: "opening minilm"
    /// @throws IllegalArgumentException when the heap cannot grow that far
    public static void require(long bytes, String what) {
        if (bytes <= available()) {
            return;
        }
        System.gc(); // what nobody holds any more counts as used until it is collected
        long available = available();
        if (bytes > available) {
            long heap = Runtime.getRuntime().maxMemory();
            throw new IllegalArgumentException(what + " needs about " + megabytes(bytes) + " of memory, "
                    + megabytes(available) + " of a heap of " + megabytes(heap) + " are free: give Java more with -Xmx"
                    + roundedUp(heap - available + bytes) + " (for ./heed: HEED_JAVA_OPTIONS=-Xmx"
                    + roundedUp(heap - available + bytes) + ")");
        }
    }

    /// Bytes that can still be allocated.
    private static long available() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }

    private static String megabytes(long bytes) {
        return (bytes + MEGABYTE - 1) / MEGABYTE + " MB";
    }

    /// A sixth more than what is needed, for everything else, in whole steps: `700m`, `3g`.
    private static String roundedUp(long bytes) {
        long wanted = bytes + bytes / 6;
        long hundreds = (wanted + 100 * MEGABYTE - 1) / (100 * MEGABYTE);
        return hundreds < 20 ? hundreds * 100 + "m" : (wanted + 1024 * MEGABYTE - 1) / (1024 * MEGABYTE) + "g";
    }
}
