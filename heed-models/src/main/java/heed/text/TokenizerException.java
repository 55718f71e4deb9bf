package heed.text;

import org.jspecify.annotations.Nullable;

/// A tokenizer that cannot be opened or a text that it cannot take, with the reason in one line for the
/// person who gave it.
public final class TokenizerException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public TokenizerException(String message) {
        super(message);
    }

    public TokenizerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
