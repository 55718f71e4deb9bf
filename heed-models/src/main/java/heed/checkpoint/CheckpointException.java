package heed.checkpoint;

import org.jspecify.annotations.Nullable;

/// A file of weights that cannot be used, with the reason in one line for the person who gave it.
public final class CheckpointException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
