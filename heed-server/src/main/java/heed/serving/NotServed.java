package heed.serving;

import java.time.Duration;

/// Something asked for that is not answered, for a reason that the asker can act on.
public final class NotServed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final Duration retryAfter;

    /// Why.
    public enum Reason {
        /// What was sent makes no sense.
        INVALID,
        /// Who asks gave no key, or a wrong one.
        FORBIDDEN,
        /// There is no such model here, or nothing at this address.
        UNKNOWN,
        /// The model is there, but cannot do this.
        UNABLE,
        /// More at once than is ever taken; asking again does not help.
        TOO_LARGE,
        /// Too slow in coming: the request was not complete in its time.
        SLOW,
        /// Too much is under way; later there may be room.
        OVERLOADED,
        /// It was not done by its deadline.
        LATE,
        /// The server is not ready yet, or no longer.
        UNREADY
    }

    public NotServed(Reason reason, String message) {
        this(reason, message, Duration.ZERO);
    }

    /// @param retryAfter when to ask again; zero where that does not help, or nobody knows
    public NotServed(Reason reason, String message, Duration retryAfter) {
        super(message, null, false, false);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    public static NotServed invalid(String message) {
        return new NotServed(Reason.INVALID, message);
    }

    public static NotServed unable(String message) {
        return new NotServed(Reason.UNABLE, message);
    }

    public static NotServed tooLarge(String message) {
        return new NotServed(Reason.TOO_LARGE, message);
    }

    public Reason reason() {
        return reason;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
