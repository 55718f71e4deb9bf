package heed.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that is not answered, with a reason that a person can act on.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable String job;

    private Refusal(int status, String reason, @Nullable String job) {
        super(reason, null, false, false);
        this.status = status;
        this.job = job;
    }

    /// The request makes no sense.
    static Refusal malformed(String reason) {
        return new Refusal(400, reason, null);
    }

    /// It comes from a page of somebody else.
    static Refusal foreign(String reason) {
        return new Refusal(403, reason, null);
    }

    /// What it asks for is not there.
    static Refusal unknown(String reason) {
        return new Refusal(404, reason, null);
    }

    /// It comes too early: the job has to be done first.
    static Refusal early(String reason, String job) {
        return new Refusal(409, reason, job);
    }

    /// It is too large.
    static Refusal large(String reason) {
        return new Refusal(413, reason, null);
    }

    /// It is meant for another host.
    static Refusal misdirected(String reason) {
        return new Refusal(421, reason, null);
    }

    /// It makes sense, but this model or this text cannot do it.
    static Refusal impossible(String reason) {
        return new Refusal(422, reason, null);
    }

    int status() {
        return status;
    }

    Map<String, Object> body() {
        String reason = String.valueOf(getMessage());
        return job == null ? Map.of("error", reason) : Map.of("error", reason, "job", job);
    }
}
