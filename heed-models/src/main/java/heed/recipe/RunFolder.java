package heed.recipe;

import heed.checkpoint.DurableFiles;
import heed.training.MovingAverage;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The folder of one training run. In the folder itself lies the best model so far, in Hugging Face's layout;
/// in `checkpoints/step-N` everything to go on from; `metrics.jsonl` and `loss.svg` tell how it went.
///
/// Whatever moment the process ends at, the newest checkpoint is complete: it is written under another name and
/// gets its own only when all its bytes are on the disk.
final class RunFolder {
    private static final String PREFIX = "step-";
    private static final int CHECKPOINTS_KEPT = 2;

    private final Path folder;
    private final Map<String, String> fingerprint;

    RunFolder(Path folder, Map<String, String> fingerprint) {
        this.folder = folder;
        this.fingerprint = Map.copyOf(fingerprint);
    }

    Path path() {
        return folder;
    }

    /// Makes the folder for a run that begins.
    ///
    /// @throws RecipeException when it holds a run already
    void begin() throws IOException {
        if (newest().isPresent()) {
            throw new RecipeException(
                    folder + " holds a run already: go on with it by --resume " + folder + ", or choose another --out");
        }
        try {
            Files.createDirectories(checkpoints());
        } catch (FileAlreadyExistsException e) {
            throw new RecipeException(folder + " is a file, not a folder", e);
        }
        Files.deleteIfExists(metrics());
    }

    /// The checkpoint that training goes on from.
    ///
    /// @throws RecipeException when there is none
    Path resumable() throws IOException {
        return newest().orElseThrow(() -> new RecipeException("there is no checkpoint in " + checkpoints()
                + ", so there is nothing to go on with; start anew without --resume"));
    }

    private Path checkpoints() {
        return folder.resolve("checkpoints");
    }

    private Optional<Path> newest() throws IOException {
        return complete().stream().findFirst();
    }

    /// All checkpoints, the newest first.
    private List<Path> complete() throws IOException {
        if (!Files.isDirectory(checkpoints())) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(checkpoints())) {
            return found.filter(path -> path.getFileName().toString().matches(PREFIX + "\\d+"))
                    .sorted(Comparator.comparingLong(RunFolder::stepOf).reversed())
                    .toList();
        }
    }

    private static long stepOf(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring(PREFIX.length()));
    }

    /// @throws IOException naming the checkpoint that is still there
    void save(Trainer trainer, MovingAverage average, Map<String, float[]> carried, TrainingLoop.Progress progress)
            throws IOException {
        Path target = checkpoints().resolve(PREFIX + progress.step());
        Path part = checkpoints().resolve(PREFIX + progress.step() + ".part");
        try {
            DurableFiles.deleteFolder(part);
            Files.createDirectories(part);
            TrainingCheckpoint.write(part, trainer, average, carried, progress, fingerprint);
            DurableFiles.publish(part, target);
        } catch (IOException e) {
            discard(part);
            String kept = newest().map(path -> "; " + path.getFileName() + " is still there")
                    .orElse("");
            throw new IOException("cannot save " + target + ": " + e.getMessage() + kept, e);
        }
        List<Path> all = complete();
        for (Path old : all.subList(Math.min(CHECKPOINTS_KEPT, all.size()), all.size())) {
            DurableFiles.deleteFolder(old);
        }
    }

    private static void discard(Path part) {
        try {
            DurableFiles.deleteFolder(part);
        } catch (IOException e) {
            System.getLogger(RunFolder.class.getName())
                    .log(System.Logger.Level.DEBUG, "{0} could not be deleted: {1}", part, e);
        }
    }

    TrainingLoop.Progress restore(Trainer trainer, MovingAverage average, Map<String, float[]> carried)
            throws IOException {
        deleteParts();
        return TrainingCheckpoint.restore(resumable(), trainer, average, carried, fingerprint);
    }

    /// Deletes what a process that was killed had begun to write.
    private void deleteParts() throws IOException {
        for (Path place : List.of(folder, checkpoints())) {
            if (!Files.isDirectory(place)) {
                continue;
            }
            try (Stream<Path> found = Files.list(place)) {
                for (Path part :
                        found.filter(path -> path.toString().endsWith(".part")).toList()) {
                    DurableFiles.deleteFolder(part);
                }
            }
        }
    }

    /// Writes a model for those who use it.
    @FunctionalInterface
    interface ModelFiles {
        void write(Path folder) throws IOException;
    }

    void export(ModelFiles model) throws IOException {
        try {
            model.write(folder);
        } catch (IOException e) {
            throw new IOException("cannot write the model to " + folder + ": " + e.getMessage(), e);
        }
    }

    private Path metrics() {
        return folder.resolve("metrics.jsonl");
    }

    void append(Map<String, ?> line) throws IOException {
        Files.writeString(
                metrics(),
                JsonMapper.shared().writeValueAsString(line) + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /// What was noted up to a step; what came after it is forgotten, for those steps are taken again.
    LossCurve metricsUpTo(long step) throws IOException {
        LossCurve curve = new LossCurve();
        if (!Files.exists(metrics())) {
            return curve;
        }
        StringBuilder kept = new StringBuilder();
        for (String line : Files.readAllLines(metrics(), StandardCharsets.UTF_8)) {
            if (!line.endsWith("}")) {
                continue; // the process ended while it was written
            }
            JsonNode node = JsonMapper.shared().readTree(line);
            if (node.path("step").asLong() <= step) {
                kept.append(line).append('\n');
                if (node.has("loss")) {
                    curve.addTraining(
                            node.path("step").asLong(), node.path("loss").asDouble());
                } else {
                    curve.addValidation(
                            node.path("step").asLong(),
                            node.path("validation_loss").asDouble());
                }
            }
        }
        DurableFiles.write(metrics(), kept.toString());
        return curve;
    }

    void draw(LossCurve curve, String title) throws IOException {
        DurableFiles.write(folder.resolve("loss.svg"), curve.svg(title));
    }

    static Map<String, Object> line(long step) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        return line;
    }
}
