package heed.kernel;

/// Hears of the products that an engine has computed by code of its own, outside the loops of [Kernels], so
/// that a profile can tell them from waiting. Called by every thread that multiplies.
public interface ProductWatch {
    /// Hears nothing, and never looks at a clock.
    ProductWatch NONE = new ProductWatch() {
        @Override
        public long begin() {
            return 0;
        }

        @Override
        public void end(long begun, int in, int out) {}
    };

    /// Before a block of rows is multiplied.
    ///
    /// @return what [#end] wants to know
    long begin();

    /// After it.
    ///
    /// @param begun what [#begin] returned
    /// @param in inputs of the whole weight
    /// @param out outputs of the whole weight, of which the block may have some
    void end(long begun, int in, int out);
}
