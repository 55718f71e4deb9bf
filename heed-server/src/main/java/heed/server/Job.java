package heed.server;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Work that takes longer than a request should, and how far it is. Safe for any number of threads.
final class Job {
    private final String id;
    private final boolean inSteps;
    private State state = State.RUNNING;
    private String message;
    private long done;
    private long total = -1;
    private @Nullable Object result;
    private int version;
    private boolean calledOff;

    enum State {
        RUNNING,
        DONE,
        FAILED
    }

    /// @param inSteps whether the work asks between its steps whether anybody still waits for it
    Job(String id, String message, boolean inSteps) {
        this.id = id;
        this.inSteps = inSteps;
        this.message = message;
    }

    String id() {
        return id;
    }

    /// A step begins.
    ///
    /// @param steps how much there is to do, in bytes or pieces; -1 when nobody knows
    synchronized void begin(String what, long steps) {
        message = what;
        done = 0;
        total = steps;
        changed();
    }

    synchronized void advance(long steps) {
        done += steps;
        changed();
    }

    synchronized void succeed(@Nullable Object outcome) {
        state = State.DONE;
        message = "done";
        result = outcome;
        changed();
    }

    synchronized void fail(String reason) {
        state = State.FAILED;
        message = reason;
        changed();
    }

    /// Nobody waits for the outcome any more: the work ends with its next step.
    ///
    /// @throws Refusal when the work has no steps
    synchronized void callOff() {
        if (!inSteps) {
            throw Refusal.impossible("this job cannot be called off");
        }
        calledOff = true;
    }

    /// For work between its steps.
    ///
    /// @throws Refusal when the work was called off
    synchronized void requireWanted() {
        if (calledOff) {
            throw Refusal.impossible("called off");
        }
    }

    synchronized boolean running() {
        return state == State.RUNNING;
    }

    private void changed() {
        version++;
        notifyAll();
    }

    /// How often the job has changed.
    synchronized int version() {
        return version;
    }

    /// Waits until the job has changed since a version, at most so long.
    synchronized void awaitChange(int since, long milliseconds) throws InterruptedException {
        long end = System.nanoTime() + milliseconds * 1_000_000;
        for (long left = milliseconds; version == since && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    synchronized Map<String, Object> view() {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("job", id);
        view.put("state", state.name().toLowerCase(Locale.ROOT));
        view.put("message", message);
        view.put("done", done);
        if (total >= 0) {
            view.put("total", total);
        }
        if (state == State.FAILED) {
            view.put("error", message);
        }
        if (result != null) {
            view.put("result", result);
        }
        return view;
    }
}
