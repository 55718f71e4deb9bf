package heed.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Ctrl-C while something worth keeping is being made: the virtual machine waits until it is kept, and ends
/// with status 0.
final class Interruption implements AutoCloseable {
    /// A second Ctrl-C, or a save that hangs, does not wait for ever.
    private static final long MOST_SECONDS = 120;

    private final AtomicBoolean requested = new AtomicBoolean();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "heed-interruption");

    private Interruption() {}

    static Interruption watch() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /// Whether somebody asked to stop.
    boolean requested() {
        return requested.get();
    }

    private void stop() {
        requested.set(true);
        try {
            if (finished.await(MOST_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What was to be kept is kept.
    @Override
    public void close() {
        finished.countDown();
        if (!requested.get()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                requested.set(true); // the machine is shutting down this very moment: the hook ends it
            }
        }
    }
}
