package heed.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;

/// What a person is told when a command fails: the reason in one line.
final class Failure {
    private Failure() {}

    /// @return the exit status
    static int report(Exception exception, PrintWriter err, boolean debug) {
        err.println("heed: " + reason(exception));
        if (debug) {
            exception.printStackTrace(err);
        }
        err.flush();
        return 1;
    }

    /// What did not fit although it seemed to. The message of the error tells only which kind of memory it was.
    ///
    /// @return the exit status
    static int report(OutOfMemoryError error, PrintWriter err, boolean debug) {
        err.println("heed: out of memory: a heap of " + Runtime.getRuntime().maxMemory() / (1 << 20)
                + " MB is too small for this; give Java more with HEED_JAVA_OPTIONS=-Xmx8g, or ask for less at once");
        if (debug) {
            error.printStackTrace(err);
        }
        err.flush();
        return 1;
    }

    private static String reason(Exception exception) {
        if (exception instanceof NoSuchFileException missing) {
            return "there is no file " + missing.getMessage();
        }
        if (exception instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
            return reason(unchecked.getCause());
        }
        String message = exception.getMessage();
        boolean expected = exception instanceof IllegalArgumentException || exception instanceof java.io.IOException;
        String text = message == null || message.isBlank()
                ? exception.getClass().getSimpleName()
                : message.strip().replaceAll("\\s*\\R\\s*", " ");
        return expected
                ? text
                : "unexpected " + exception.getClass().getSimpleName() + ": " + text
                        + " (please report it, with the output of --debug)";
    }
}
