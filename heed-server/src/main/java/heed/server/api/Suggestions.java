package heed.server.api;

import heed.serving.NotServed;
import heed.serving.NotServed.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/// Better scores for comments that people suggest, kept in a file for the next training: a line of JSON each.
final class Suggestions {
    private final Path file;

    Suggestions(Path file) {
        this.file = file;
    }

    /// @throws NotServed when the file cannot be written: then nothing was kept
    synchronized void add(String text, Map<String, Double> scores) {
        String line = ApiRequest.JSON.writeValueAsString(Dialect.ordered("text", text, "scores", scores)) + "\n";
        try {
            Files.write(
                    file, line.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new NotServed(
                    Reason.UNREADY,
                    "the suggestion could not be kept: " + e.getClass().getSimpleName());
        }
    }
}
