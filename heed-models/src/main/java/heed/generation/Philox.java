package heed.generation;

/// Random numbers by counting: the number at a place is a function of the place alone, not of what was drawn
/// before (Philox-4×32-10; Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", §3). So what a
/// sequence draws does not depend on the sequences beside it.
final class Philox {
    private static final int ROUNDS = 10;
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final double TWO_TO_MINUS_53 = 0x1p-53;

    private Philox() {}

    /// Uniform in [0, 1).
    ///
    /// @param seed chooses the series
    /// @param sample which of the continuations of one prompt
    /// @param step which token of it
    static double uniform(long seed, int sample, int step) {
        int[] block = block(step, sample, 0, 0, (int) seed, (int) (seed >>> 32));
        long bits = (((long) block[0] << 32) | (block[1] & 0xFFFFFFFFL)) >>> 11;
        return bits * TWO_TO_MINUS_53;
    }

    /// The four words that the counter `c0 … c3` becomes under the key `k0, k1`.
    static int[] block(int c0, int c1, int c2, int c3, int k0, int k1) {
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (c0 & 0xFFFFFFFFL);
            long product1 = MULTIPLIER_1 * (c2 & 0xFFFFFFFFL);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c1 = (int) product1;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return new int[] {c0, c1, c2, c3};
    }
}
