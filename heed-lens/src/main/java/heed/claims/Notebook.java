package heed.claims;

import java.util.function.Supplier;

/// What an experiment has measured so far, cell by cell. Whoever runs it again after an interruption finds the
/// cells that were written, and measures only those that are missing.
@FunctionalInterface
public interface Notebook {
    /// The numbers of a cell: those that were written down before, or else what is measured now.
    ///
    /// @param name of the cell; tells everything that the numbers depend on
    double[] cell(String name, Supplier<double[]> measurement);

    /// A notebook that nothing is written in.
    static Notebook blank() {
        return (_, measurement) -> measurement.get();
    }
}
