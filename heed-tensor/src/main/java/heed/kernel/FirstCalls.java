package heed.kernel;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Lets a program's first products and activations run on [PlainTwins]. Before the compiler has done the loops
/// over vectors, which takes it about a second, each of their steps makes an object and takes a hundred times
/// as long; plain loops are compiled in a few milliseconds.
///
/// A program that embeds one sentence is over before the vector loops would have paid, so nothing else happens
/// at first. Whoever goes on has them compiled aside, on a thread of their own, and then changes over. The bits
/// of a result are the same before and after.
final class FirstCalls {
    /// Multiply-adds that run on plain loops before anything is compiled aside: a short text through a small
    /// model.
    private static final long FEW = 200_000_000;

    /// Depth of the products that the tiles are tried on.
    private static final int DEPTH = 128;

    /// Rows of the products that the tiles are tried on: each of their methods by itself.
    private static final int[] TILES = {12, 4, 2, 1};

    private static final int ROWS = 12 + 4 + 2 + 1;

    /// In a row, before a loop counts as compiled.
    private static final int FAST_CALLS = 20;

    /// Then it is as compiled as it will ever be.
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private static final AtomicLong MULTIPLY_ADDS = new AtomicLong();

    @SuppressWarnings("NonFinalStaticField") // read by every product; written once
    private static volatile boolean over;

    private FirstCalls() {}

    /// Whether the vector loops are to be used.
    static boolean over() {
        return over;
    }

    /// Ends the first calls at once, for tests of the vector loops.
    static void end() {
        over = true;
    }

    static void count(long multiplyAdds) {
        long before = MULTIPLY_ADDS.getAndAdd(multiplyAdds);
        if (before < FEW && before + multiplyAdds >= FEW) {
            Thread.ofPlatform()
                    .daemon()
                    .name("heed-compile")
                    .inheritInheritableThreadLocals(false)
                    .start(FirstCalls::compile);
        }
    }

    private static void compile() {
        long end = System.nanoTime() + PATIENCE_NANOS;
        untilFaster(FirstCalls::plainProducts, FirstCalls::vectorProducts, end);
        untilFaster(FirstCalls::plainGelu, FirstCalls::vectorGelu, end);
        over = true;
    }

    private static void untilFaster(Consumer<float[]> plain, Consumer<float[]> vector, long end) {
        float[] values = new float[(ROWS + DEPTH) * Math.max(DEPTH, VectorProduct.PANEL_WIDTH)];
        int fast = 0;
        while (fast < FAST_CALLS && System.nanoTime() < end) {
            long start = System.nanoTime();
            plain.accept(values);
            long middle = System.nanoTime();
            vector.accept(values);
            fast = System.nanoTime() - middle < middle - start ? fast + 1 : 0;
        }
    }

    private static void plainProducts(float[] values) {
        float[] c = new float[ROWS * VectorProduct.PANEL_WIDTH];
        int width = VectorProduct.PANEL_WIDTH;
        PlainTwins.multiply(ROWS, DEPTH, values, 0, DEPTH, 1, values, 0, width, c, 0, 0, c, 0, width);
    }

    private static void vectorProducts(float[] values) {
        float[] c = new float[ROWS * VectorProduct.PANEL_WIDTH];
        for (int rows : TILES) {
            VectorProduct.vectorTile(
                    rows, DEPTH, values, 0, DEPTH, 1, values, 0, c, 0, 0, c, 0, VectorProduct.PANEL_WIDTH);
        }
    }

    private static void plainGelu(float[] values) {
        PlainTwins.gelu(values, 0, values.length);
    }

    private static void vectorGelu(float[] values) {
        VectorActivation.vectorGelu(values, 0, values.length);
    }
}
