package heed.position;

import heed.pass.Pass;
import heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The angles by which the queries and keys of one pass are turned, computed once and shared by its layers.
///
/// @param angles null when nothing is turned
public record Rotation(@Nullable Angles angles) {
    private static final Rotation NONE = new Rotation(null);

    /// @param cos `[N, R/2]`, of every row and pair of columns
    /// @param sin `[N, R/2]`
    /// @param interleaved whether pairs are neighbouring columns; otherwise pair `i` is the columns `i` and
    /// `i + R/2` of a head
    public record Angles(Tensor cos, Tensor sin, boolean interleaved) {}

    /// Nothing is turned.
    public static Rotation none() {
        return NONE;
    }

    /// Queries or keys, turned head by head: `[N, H·Dh] → [N, H·Dh]`.
    ///
    /// @param width Dh
    public Tensor apply(Tensor x, int width, Pass pass) {
        return angles == null ? x : pass.compute().rotate(x, width, angles.cos, angles.sin, angles.interleaved);
    }
}
