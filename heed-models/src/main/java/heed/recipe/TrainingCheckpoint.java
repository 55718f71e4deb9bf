package heed.recipe;

import heed.autograd.Parameter;
import heed.checkpoint.Checkpoint;
import heed.checkpoint.CheckpointException;
import heed.checkpoint.DurableFiles;
import heed.checkpoint.NamedTensor;
import heed.checkpoint.Safetensors;
import heed.checkpoint.SafetensorsWriter;
import heed.training.MovingAverage;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Everything that training needs to go on as if it had never stopped: parameters, moments and averages by path
/// and what a task carries from step to step (`training.safetensors`), and how far it has come
/// (`training.json`). Batches and dropout are functions of seed and step, so there are no generators to keep.
final class TrainingCheckpoint {
    private static final String VALUES = "training.safetensors";
    private static final String STATE = "training.json";

    private TrainingCheckpoint() {}

    static void write(
            Path folder,
            Trainer trainer,
            MovingAverage average,
            Map<String, float[]> carried,
            TrainingLoop.Progress progress,
            Map<String, String> fingerprint)
            throws IOException {
        List<NamedTensor> tensors = new ArrayList<>();
        for (int i = 0; i < trainer.parameters().size(); i++) {
            Parameter parameter = trainer.parameters().get(i);
            tensors.add(named(parameter.path(), parameter, parameter.value().values()));
            float[][] moments = trainer.moments(i);
            for (int m = 0; m < moments.length; m++) {
                tensors.add(named(moment(parameter, m), parameter, moments[m]));
            }
        }
        for (int i = 0; i < average.parameters().size(); i++) {
            Parameter parameter = average.parameters().get(i);
            tensors.add(named(average(parameter), parameter, average.average(i)));
        }
        carried.forEach((name, values) -> tensors.add(NamedTensor.of(carried(name), List.of(values.length), values)));
        SafetensorsWriter.write(folder.resolve(VALUES), tensors);
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("step", progress.step());
        state.put("best_loss", Double.isFinite(progress.bestLoss()) ? progress.bestLoss() : null);
        state.put("best_step", progress.bestStep());
        state.put("evaluations_since_best", progress.sinceBest());
        state.put("averaged_steps", average.seen());
        state.put("recipe", fingerprint);
        DurableFiles.write(
                folder.resolve(STATE),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(state));
    }

    private static NamedTensor named(String name, Parameter parameter, float[] values) {
        List<Integer> shape =
                Arrays.stream(parameter.value().shape().toArray()).boxed().toList();
        return NamedTensor.of(name, shape, values);
    }

    private static String carried(String name) {
        return "carried." + name;
    }

    private static String average(Parameter parameter) {
        return "average." + parameter.path();
    }

    private static String moment(Parameter parameter, int number) {
        return "moment" + (number + 1) + "." + parameter.path();
    }

    /// Sets parameters, moments and averages to those of a checkpoint.
    ///
    /// @throws RecipeException when the checkpoint is of another model or recipe, saying what differs
    static TrainingLoop.Progress restore(
            Path folder,
            Trainer trainer,
            MovingAverage average,
            Map<String, float[]> carried,
            Map<String, String> fingerprint) {
        JsonNode state = readState(folder);
        JsonNode recipe = state.path("recipe");
        fingerprint.forEach((key, value) -> {
            String saved = recipe.path(key).asString("");
            if (!saved.equals(value)) {
                throw new RecipeException("the checkpoint " + folder + " was trained with " + key + " " + saved
                        + ", the recipe says " + value);
            }
        });
        try (Checkpoint values = Safetensors.open(folder.resolve(VALUES))) {
            for (int i = 0; i < trainer.parameters().size(); i++) {
                Parameter parameter = trainer.parameters().get(i);
                read(values, parameter.path(), parameter.value().values());
                float[][] moments = trainer.moments(i);
                for (int m = 0; m < moments.length; m++) {
                    read(values, moment(parameter, m), moments[m]);
                }
            }
            for (int i = 0; i < average.parameters().size(); i++) {
                read(values, average(average.parameters().get(i)), average.average(i));
            }
            carried.forEach((name, target) -> read(values, carried(name), target));
        } catch (CheckpointException e) {
            throw new RecipeException("the checkpoint " + folder + " cannot be used: " + e.getMessage(), e);
        }
        double best = state.path("best_loss").isNull()
                ? Double.POSITIVE_INFINITY
                : state.path("best_loss").asDouble();
        long step = state.path("step").asLong();
        trainer.resumeAt(step);
        average.resumeAt(state.path("averaged_steps").asLong());
        return new TrainingLoop.Progress(
                step,
                best,
                state.path("best_step").asLong(),
                state.path("evaluations_since_best").asInt());
    }

    private static JsonNode readState(Path folder) {
        Path file = folder.resolve(STATE);
        try {
            return JsonMapper.shared().readTree(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException | JacksonException e) {
            throw new RecipeException(folder + " is no checkpoint to go on from: cannot read " + STATE, e);
        }
    }

    private static void read(Checkpoint values, String name, float[] target) {
        float[] saved = Objects.requireNonNull(values.read(name));
        if (saved.length != target.length) {
            throw new CheckpointException(
                    "'" + name + "' has " + saved.length + " values, the model has " + target.length);
        }
        System.arraycopy(saved, 0, target, 0, target.length);
    }
}
