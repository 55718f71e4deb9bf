package heed.cli;

import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What libraries log, as one line a record on standard error; warnings and worse.
final class Logging {
    /// The tokenizers' binding looks for graphics cards, which Heed does not use, and complains when there are
    /// none. What matters it throws. Held here, since a logger that nobody holds forgets its level.
    private static final Logger BINDING = Logger.getLogger("ai.djl");

    private Logging() {}

    static void toStandardError() {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        Handler handler = new ConsoleHandler();
        handler.setLevel(Level.WARNING);
        handler.setFormatter(new Formatter() {
            @Override
            public String format(LogRecord record) {
                return "heed: " + formatMessage(record) + System.lineSeparator();
            }
        });
        root.addHandler(handler);
        root.setLevel(Level.WARNING);
        BINDING.setLevel(Level.OFF);
    }
}
