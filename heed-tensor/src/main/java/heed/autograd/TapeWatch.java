package heed.autograd;

import heed.tensor.Op;

/// Sees the ops of a pass go by, one way and the other; for those who want to know where the time goes.
public interface TapeWatch {
    /// Looks at nothing.
    TapeWatch NONE = new TapeWatch() {
        @Override
        public void done(Op op) {}

        @Override
        public void wentBack(Op op) {}
    };

    /// An op was done and taken down.
    void done(Op op);

    /// The gradients of an op's inputs were computed.
    void wentBack(Op op);
}
