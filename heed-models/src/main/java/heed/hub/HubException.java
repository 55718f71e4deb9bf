package heed.hub;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/// A model that cannot be had under the name it was asked for, with the reason in one line for the person who
/// asked.
public final class HubException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public HubException(String message) {
        super(message);
    }

    public HubException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// What went wrong with a file, in words: Java's exceptions often say only its name.
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
            case FileSystemException file when file.getReason() != null -> file.getFile() + ": " + file.getReason();
            case FileSystemException file ->
                file.getFile() + ": " + file.getClass().getSimpleName();
            default -> String.valueOf(e.getMessage());
        };
    }
}
