package heed.family;

import org.jspecify.annotations.Nullable;

/// A `config.json` that cannot be used, with the reason in one line.
public final class ConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
