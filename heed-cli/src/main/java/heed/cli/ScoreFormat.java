package heed.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How `heed score` prints.
final class ScoreFormat {
    enum Format {
        TEXT,
        JSON
    }

    @Option(names = "--format", paramLabel = "text|json", description = "Default: text")
    private Format format = Format.TEXT;

    @Option(names = "--json", description = "The same as --format json: one object a line, scores unrounded.")
    private boolean json;

    @Option(names = "--width", paramLabel = "N", description = "Digits behind the point, in text.")
    private @Nullable Integer width;

    boolean json() {
        return json || format == Format.JSON;
    }

    String number(double value, int usualWidth) {
        int digits = width == null ? usualWidth : Math.clamp(width, 0, 17);
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
