package heed.model;

import heed.checkpoint.AdaptedCheckpoint;
import heed.checkpoint.Checkpoint;
import heed.checkpoint.CheckpointException;
import heed.checkpoint.Checkpoints;
import heed.checkpoint.Safetensors;
import heed.hub.Hub;
import heed.hub.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A folder that holds not a model but what was learned beside one: `adapter_config.json`, which names the
/// model below, and `adapter_model.safetensors`, as Hugging Face's PEFT writes them.
///
/// @param base the reference of the model below
/// @param scale of the updates
record Adapter(Path folder, String base, float scale) {
    private static final String CONFIG = "adapter_config.json";

    /// @throws CheckpointException when there is one that Heed does not understand
    static Optional<Adapter> in(Path folder) {
        Path file = folder.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode config = JsonMapper.shared().readTree(Files.readAllBytes(file));
            if (!config.path("peft_type").asString("").equals("LORA")) {
                throw new CheckpointException(
                        file + ": an adapter of type " + config.path("peft_type") + " is not supported, only LORA");
            }
            for (String key : new String[] {"use_dora", "use_rslora", "fan_in_fan_out"}) {
                if (config.path(key).asBoolean(false)) {
                    throw new CheckpointException(file + ": " + key + " is true, which is not supported");
                }
            }
            if (!config.path("bias").asString("none").equals("none")) {
                throw new CheckpointException(file + ": bias is " + config.path("bias") + ", only none is supported");
            }
            double rank = config.path("r").asDouble(0);
            if (!(rank >= 1)) {
                throw new CheckpointException(file + ": r must be a rank of at least 1, it is " + config.path("r"));
            }
            String base = config.path("base_model_name_or_path").asString("");
            return Optional.of(
                    new Adapter(folder, base, (float) (config.path("lora_alpha").asDouble(rank) / rank)));
        } catch (JacksonException e) {
            throw new CheckpointException(file + " is not valid JSON", e);
        } catch (IOException e) {
            throw new CheckpointException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /// Where the model below lies: it is fetched if need be. A name that is no folder beside the adapter and no
    /// alias is one of the Hugging Face hub.
    Path baseFolder(Progress progress) {
        if (base.isBlank()) {
            throw new CheckpointException(folder.resolve(CONFIG) + " does not say which model is below");
        }
        Path beside = folder.resolve(base);
        if (Files.isDirectory(beside)) {
            return beside;
        }
        boolean onHub = base.matches("[\\w.-]+/[\\w.-]+") && !Files.isDirectory(Path.of(base));
        return Hub.standard().fetch(onHub ? "hf:" + base : base, progress);
    }

    Checkpoint open(Progress progress) {
        Checkpoint below = Checkpoints.open(baseFolder(progress));
        try {
            return new AdaptedCheckpoint(below, Safetensors.open(folder.resolve("adapter_model.safetensors")), scale);
        } catch (RuntimeException e) {
            below.close();
            throw e;
        }
    }
}
