package heed.chat;

import org.jspecify.annotations.Nullable;

/// A chat template that cannot be used, or a conversation that it refuses, with the reason in one line.
public final class ChatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ChatException(String message) {
        super(message);
    }

    public ChatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
