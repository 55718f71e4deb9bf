package heed.cli.options;

import heed.moderation.stream.StreamEngine;
import java.util.ServiceLoader;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Finds what judges streams. The launcher puts Flink on the class path of those commands alone that need it.
public final class Streams {
    /// What Flink and Kafka log, commands tell in their own words. Held here, since a logger that nobody holds
    /// forgets its level.
    private static final Logger LIBRARIES = Logger.getLogger("org.apache");

    private Streams() {}

    /// @throws IllegalArgumentException when Flink is not there
    public static StreamEngine engine() {
        LIBRARIES.setLevel(Level.OFF);
        return ServiceLoader.load(StreamEngine.class)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Flink is not there: start this command with ./heed, which adds the jars beside lib"));
    }
}
