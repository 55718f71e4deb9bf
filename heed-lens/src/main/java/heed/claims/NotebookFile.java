package heed.claims;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A notebook in a file of JSON lines: first under what circumstances it is written, then a line for each cell.
/// A line that was cut short by an interruption is measured again, and so is everything that was measured under
/// other circumstances.
final class NotebookFile implements Notebook {
    private final Path file;
    private final Map<String, double[]> cells = new HashMap<>();

    private NotebookFile(Path file) {
        this.file = file;
    }

    /// Goes on in the file, or begins it anew.
    ///
    /// @param circumstances that the numbers depend on besides the names of their cells
    static NotebookFile open(Path file, Map<String, String> circumstances) throws IOException {
        NotebookFile notebook = new NotebookFile(file);
        String first = JsonMapper.shared().writeValueAsString(circumstances);
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        if (lines.isEmpty() || !lines.getFirst().equals(first)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, first + "\n");
            return notebook;
        }
        lines.stream().skip(1).filter(line -> !line.isBlank()).forEach(notebook::read);
        return notebook;
    }

    private void read(String line) {
        try {
            JsonNode cell = JsonMapper.shared().readTree(line);
            cells.put(
                    cell.required("cell").asString(),
                    cell.required("numbers")
                            .valueStream()
                            .mapToDouble(JsonNode::asDouble)
                            .toArray());
        } catch (JacksonException _) {
            // was cut short: it will be measured again
        }
    }

    @Override
    public double[] cell(String name, Supplier<double[]> measurement) {
        double[] known = cells.get(name);
        if (known != null) {
            return known;
        }
        double[] measured = measurement.get();
        cells.put(name, measured);
        try { // a line of its own even where the last one was cut short
            String line = JsonMapper.shared().writeValueAsString(Map.of("cell", name, "numbers", measured));
            Files.writeString(file, "\n" + line + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return measured;
    }
}
