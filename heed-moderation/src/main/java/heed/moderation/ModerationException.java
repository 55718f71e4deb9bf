package heed.moderation;

/// A policy, a calibration or a record that cannot be used, with the reason in one line.
public final class ModerationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ModerationException(String message) {
        super(message);
    }

    public ModerationException(String message, Throwable cause) {
        super(message, cause);
    }
}
