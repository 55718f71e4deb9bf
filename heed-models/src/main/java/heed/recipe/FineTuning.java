package heed.recipe;

import heed.autograd.Parameter;
import heed.checkpoint.Checkpoint;
import heed.checkpoint.Checkpoints;
import heed.checkpoint.DurableFiles;
import heed.checkpoint.SafetensorsWriter;
import heed.family.ClassifierConfig;
import heed.family.EncoderNetwork;
import heed.family.ModelConfig;
import heed.family.Network;
import heed.family.ParameterSource;
import heed.hub.Hub;
import heed.hub.Progress;
import heed.training.Initializer;
import heed.training.ParameterTree;
import heed.training.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A model that knows its language and gets a new head.
final class FineTuning implements ClassifierModel {
    /// The deviation of a new head, as BERT began (Devlin et al. 2019, in the published code).
    private static final double HEAD_DEVIATION = 0.02;

    private final ClassifierStart.Pretrained start;
    private final Path base;
    private final String config;
    private final Network network;
    private final ParameterSource.Learned parameters;
    private final @Nullable LowRankFiles updates;

    /// Fetches the model.
    ///
    /// @throws IllegalArgumentException when it cannot be had or used
    FineTuning(ClassifierStart.Pretrained start, List<String> labels, ClassifierRecipe recipe, Progress fetching) {
        this.start = start;
        this.base = Hub.standard().fetch(start.model(), fetching);
        this.config = ClassifierConfig.json(base, labels, recipe.several());
        ModelConfig understood = ModelConfig.parse(config, base.resolve("config.json") + " with a head for texts");
        long seed = recipe.training().seed();
        Initializer draw = new Initializer(seed);
        try (Checkpoint checkpoint = Checkpoints.open(base)) {
            this.parameters = new ParameterSource.Learned(
                    checkpoint,
                    (path, shape) -> path.startsWith("head.") || path.startsWith("pooler.")
                            ? Optional.of(draw.normal(shape.rank() == 1 ? 0 : HEAD_DEVIATION, shape.toArray()))
                            : Optional.empty());
            Network loaded = Network.load(understood, parameters);
            parameters.readAll();
            this.updates = start.tune() instanceof Tune.LowRankUpdates lora ? new LowRankFiles(lora, parameters) : null;
            this.network = updates == null ? loaded : updates.beside(loaded, seed);
        }
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public Path tokenizerFolder() {
        return base;
    }

    @Override
    public Trainer.Settings settings(Trainer.Settings usual) {
        return start.tune() instanceof Tune.LowRankUpdates lora
                ? new Trainer.Settings(
                        usual.optimizer(),
                        usual.schedule(),
                        usual.clip(),
                        usual.dropout().withUpdate((float) lora.dropout()),
                        usual.seed())
                : usual;
    }

    /// The parameters that the recipe lets learn, of those that the loss depends on.
    @Override
    public List<Parameter> learned() {
        Record used = network instanceof EncoderNetwork encoder
                ? new EncoderNetwork(
                        encoder.config(),
                        encoder.embedding(),
                        encoder.encoder(),
                        encoder.rule(),
                        null,
                        encoder.head(),
                        null)
                : (Record) network;
        List<Parameter> all = ParameterTree.of(used);
        return switch (start.tune()) {
            case Tune.Full _ -> all;
            case Tune.HeadAlone _ -> all.stream().filter(FineTuning::inHead).toList();
            case Tune.LowRankUpdates _ ->
                all.stream()
                        .filter(parameter ->
                                inHead(parameter) || parameter.path().contains(".update."))
                        .toList();
        };
    }

    private static boolean inHead(Parameter parameter) {
        return parameter.path().startsWith("head.");
    }

    @Override
    public void write(Path folder) throws IOException {
        TokenizerFiles.copy(base, folder);
        DurableFiles.write(folder.resolve("config.json"), config);
        if (updates == null) {
            SafetensorsWriter.write(folder.resolve("model.safetensors"), parameters.tensors());
        } else if (((Tune.LowRankUpdates) start.tune()).saved() == Tune.LowRankUpdates.Saved.MERGED) {
            SafetensorsWriter.write(folder.resolve("model.safetensors"), updates.merged());
        } else {
            List<Parameter> head = learned().stream().filter(FineTuning::inHead).toList();
            DurableFiles.write(folder.resolve("adapter_config.json"), updates.config(start.model(), head));
            SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), updates.adapter(head));
        }
    }
}
