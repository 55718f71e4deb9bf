package heed.timing;

import heed.kernel.RegisterLoop;
import heed.kernel.WorkerPool;

/// What the threads of a measurement could compute if no operand ever came from memory.
public final class Peak {
    private static final int ROUNDS = 2_000_000;
    private static final int WARM_UPS = 30;

    private final WorkerPool workers;
    private final float[] results;

    public Peak(WorkerPool workers) {
        this.workers = workers;
        this.results = new float[workers.threads()];
    }

    /// Runs until the compiler has had its say.
    public void warmUp() {
        for (int i = 0; i < WARM_UPS; i++) {
            RegisterLoop.run(ROUNDS / WARM_UPS);
        }
    }

    /// Floating-point operations a second, a multiply-add counting as two; 0 where there are no vectors.
    public double flops() {
        if (RegisterLoop.operationsPerRound() == 0) {
            return 0;
        }
        int tasks = workers.threads();
        double seconds = Timing.time(() -> workers.run(tasks, task -> results[task] = RegisterLoop.run(ROUNDS)));
        return (double) tasks * ROUNDS * RegisterLoop.operationsPerRound() / seconds;
    }
}
