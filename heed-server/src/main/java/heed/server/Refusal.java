package heed.server;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request that is not answered, with a reason that a person can act on.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_METHOD = 16;

    private final int status;
    private final @Nullable String job;
    private final @Nullable String methods;

    private Refusal(int status, String reason, @Nullable String job, @Nullable String methods) {
        super(reason, null, false, false);
        this.status = status;
        this.job = job;
        this.methods = methods;
    }

    private Refusal(int status, String reason) {
        this(status, reason, null, null);
    }

    /// The request makes no sense.
    static Refusal malformed(String reason) {
        return new Refusal(400, reason);
    }

    /// It comes from a page of somebody else.
    static Refusal foreign(String reason) {
        return new Refusal(403, reason);
    }

    /// What it asks for is not there.
    static Refusal unknown(String reason) {
        return new Refusal(404, reason);
    }

    /// The address is there, but not for this method.
    ///
    /// @param methods those that it understands, as in the header `Allow`
    static Refusal otherMethod(String method, String methods) {
        String known = method.length() > LONGEST_METHOD ? "this method" : method;
        return new Refusal(405, known + " is not understood at this address, only " + methods, null, methods);
    }

    /// It comes too early: the job has to be done first.
    static Refusal early(String reason, String job) {
        return new Refusal(409, reason, job, null);
    }

    /// It is too large.
    static Refusal large(String reason) {
        return new Refusal(413, reason);
    }

    /// It is meant for another host.
    static Refusal misdirected(String reason) {
        return new Refusal(421, reason);
    }

    /// It makes sense, but this model or this text cannot do it.
    static Refusal impossible(String reason) {
        return new Refusal(422, reason);
    }

    int status() {
        return status;
    }

    /// What the address understands, where that was the trouble.
    Optional<String> methods() {
        return Optional.ofNullable(methods);
    }

    Map<String, Object> body() {
        String reason = String.valueOf(getMessage());
        return job == null ? Map.of("error", reason) : Map.of("error", reason, "job", job);
    }
}
