package heed.kernel;

import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;

import jdk.incubator.vector.FloatVector;

/// [RegisterLoop] on the registers of this machine. Twelve chains of multiply-adds run side by side: more than
/// the latency of one times the units that compute them, and with two operands few enough for 16 registers.
final class VectorRegisterLoop {
    private static final int CHAINS = 12;

    static final int OPERATIONS_PER_ROUND = 2 * CHAINS * LANES;

    private VectorRegisterLoop() {}

    static float run(int rounds) {
        // Each chain tends to 1 and stays a normal number, which denormals and infinities may not equal in speed.
        FloatVector factor = FloatVector.broadcast(FLOATS, 0.5f);
        FloatVector addend = FloatVector.broadcast(FLOATS, 0.5f);
        FloatVector x0 = FloatVector.broadcast(FLOATS, 2);
        FloatVector x1 = FloatVector.broadcast(FLOATS, 3);
        FloatVector x2 = FloatVector.broadcast(FLOATS, 4);
        FloatVector x3 = FloatVector.broadcast(FLOATS, 5);
        FloatVector x4 = FloatVector.broadcast(FLOATS, 6);
        FloatVector x5 = FloatVector.broadcast(FLOATS, 7);
        FloatVector x6 = FloatVector.broadcast(FLOATS, 8);
        FloatVector x7 = FloatVector.broadcast(FLOATS, 9);
        FloatVector x8 = FloatVector.broadcast(FLOATS, 10);
        FloatVector x9 = FloatVector.broadcast(FLOATS, 11);
        FloatVector x10 = FloatVector.broadcast(FLOATS, 12);
        FloatVector x11 = FloatVector.broadcast(FLOATS, 13);
        for (int i = 0; i < rounds; i++) {
            x0 = x0.fma(factor, addend);
            x1 = x1.fma(factor, addend);
            x2 = x2.fma(factor, addend);
            x3 = x3.fma(factor, addend);
            x4 = x4.fma(factor, addend);
            x5 = x5.fma(factor, addend);
            x6 = x6.fma(factor, addend);
            x7 = x7.fma(factor, addend);
            x8 = x8.fma(factor, addend);
            x9 = x9.fma(factor, addend);
            x10 = x10.fma(factor, addend);
            x11 = x11.fma(factor, addend);
        }
        return x0.add(x1)
                .add(x2)
                .add(x3)
                .add(x4)
                .add(x5)
                .add(x6)
                .add(x7)
                .add(x8)
                .add(x9)
                .add(x10)
                .add(x11)
                .lane(0);
    }
}
