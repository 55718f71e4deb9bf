package heed.claims;

import heed.checkpoint.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A folder of results: for each claim `NAME.json` with all of it, `NAME-TABLE.csv` for each table and
/// `NAME-1.svg`, `NAME-2.svg`, … for its pictures. A result is written when its experiment is over, so one that
/// is interrupted leaves the earlier ones as they are; what it has measured itself is in `NAME.partial.jsonl`
/// until its result is written.
public record ClaimFolder(Path folder) {
    /// Keeps a result in the place of an earlier one.
    public void write(ClaimResult result) throws IOException {
        Files.createDirectories(folder);
        for (Table table : result.tables()) {
            String name = result.name() + "-" + table.name().replaceAll("\\W+", "-") + ".csv";
            DurableFiles.write(folder.resolve(name), table.csv());
        }
        for (int i = 0; i < result.pictures().size(); i++) {
            DurableFiles.write(
                    folder.resolve(result.name() + "-" + (i + 1) + ".svg"),
                    result.pictures().get(i));
        }
        DurableFiles.write(file(result.name()), JsonMapper.shared().writeValueAsString(result) + "\n");
        Files.deleteIfExists(partial(result.name()));
    }

    /// What an interrupted run of the same experiment has left, to go on in.
    public Notebook notebook(Claim claim, Trial trial) throws IOException {
        return NotebookFile.open(
                partial(claim.name()),
                Map.of(
                        "circumstances",
                        String.join(
                                ", ",
                                trial.effort().name(),
                                trial.kernels().name(),
                                trial.workers().threads() + " threads",
                                claim.rule())));
    }

    /// The result of a claim, if there is one.
    ///
    /// @throws IOException when it cannot be read, or something else stands there
    public Optional<ClaimResult> read(String name) throws IOException {
        Path file = file(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonMapper.shared().readValue(Files.readString(file), ClaimResult.class));
        } catch (JacksonException e) {
            throw new IOException(
                    file + " is no result of a claim: "
                            + e.getOriginalMessage().lines().findFirst().orElse("") + "; delete it and run "
                            + name + " again",
                    e);
        }
    }

    private Path partial(String name) {
        return folder.resolve(name + ".partial.jsonl");
    }

    private Path file(String name) {
        return folder.resolve(name + ".json");
    }
}
