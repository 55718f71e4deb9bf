package heed.kernel;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The vector registers in use. The species are constants, without which the compiler would not turn loops
/// over vectors into instructions.
final class VectorRegisters {
    static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(VectorWidth.bits()));
    static final int LANES = FLOATS.length();

    /// Whether there are 32 registers, as AVX-512 and 64-bit ARM have them, and not 16 as AVX2.
    static final boolean THIRTY_TWO = FLOATS.vectorBitSize() == 512 || !VectorWidth.isX86();

    private VectorRegisters() {}
}
