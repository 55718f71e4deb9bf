package heed.kernel;

/// An engine cannot run here; the message is the reason in one line.
public final class EngineUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    public EngineUnavailableException(String reason) {
        super(reason);
    }

    public EngineUnavailableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
