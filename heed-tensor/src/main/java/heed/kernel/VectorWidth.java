package heed.kernel;

import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/// Which width of vectors to use, decided before [VectorRegisters] makes it a constant: what the processor
/// prefers, or what the system property `heed.vector.bits` (128, 256 or 512) says, so that narrower machines
/// can be tried on wider ones.
final class VectorWidth {
    static final String PROPERTY = "heed.vector.bits";

    private static final int WIDEST = 512;

    private VectorWidth() {}

    /// Why vector kernels cannot run on this processor, or null if they can.
    static @Nullable String obstacle() {
        int preferred = preferredBits();
        // x86 without 256 bits for integers has no fused multiply-add, which Java then computes in software.
        int least = isX86() ? 256 : 128;
        return preferred < least ? "vectors of " + preferred + " bits are too narrow, " + least + " are needed" : null;
    }

    /// @throws IllegalArgumentException if the property asks for a width that is not there
    static int bits() {
        return bits(System.getProperty(PROPERTY), preferredBits());
    }

    /// @param requested the value of the property; null if it is not set
    static int bits(@Nullable String requested, int preferred) {
        if (requested == null) {
            return Math.min(preferred, WIDEST);
        }
        int bits = switch (requested) {
            case "128" -> 128;
            case "256" -> 256;
            case "512" -> 512;
            default ->
                throw new IllegalArgumentException(PROPERTY + " must be 128, 256 or 512, got \"" + requested + "\"");
        };
        if (bits > preferred) {
            throw new IllegalArgumentException(
                    PROPERTY + " is " + bits + ", but this processor has vectors of " + preferred + " bits");
        }
        return bits;
    }

    static boolean isX86() {
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64", "x86", "i386" -> true;
            default -> false;
        };
    }

    private static int preferredBits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
}
