package heed.generation;

import java.util.concurrent.atomic.AtomicBoolean;

/// A way to end generation from another thread, or from the listener that sees its tokens. The step under way
/// is finished, and what was generated is returned. Interrupting the generating thread does the same.
public final class Cancellation {
    private final AtomicBoolean cancelled = new AtomicBoolean();

    public Cancellation() {}

    public void cancel() {
        cancelled.set(true);
    }

    public boolean cancelled() {
        return cancelled.get();
    }
}
