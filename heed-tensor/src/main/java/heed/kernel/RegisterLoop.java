package heed.kernel;

/// A loop of multiply-adds on vector registers and nothing else: what the processor could do if no operand ever
/// came from memory. Benchmarks divide by it, since a machine's nominal speed is not what it gives on the day.
public final class RegisterLoop {
    private static final boolean VECTORS = KernelProvider.vector().isPresent();

    private RegisterLoop() {}

    /// Floating-point operations of a round, a multiply-add counting as two; 0 where vectors cannot run.
    public static int operationsPerRound() {
        return VECTORS ? VectorRegisterLoop.OPERATIONS_PER_ROUND : 0;
    }

    /// Runs so many rounds.
    ///
    /// @return a number that depends on every round, so that none can be left out
    /// @throws IllegalStateException where vectors cannot run
    public static float run(int rounds) {
        if (!VECTORS) {
            throw new IllegalStateException("there are no vector registers to use");
        }
        return VectorRegisterLoop.run(rounds);
    }
}
