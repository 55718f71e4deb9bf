package heed.cli.options;

import heed.kernel.WeightType;
import heed.model.ModelOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options `--dtype` and `--engine`: how weights are kept and who multiplies with them.
public final class WeightOptions {
    @Option(
            names = "--dtype",
            paramLabel = "f32|bf16|int8",
            defaultValue = "f32",
            description = "How weights are kept and multiplied: exact, or rounded to be faster. Default: f32")
    private WeightType dtype = WeightType.F32;

    @Option(
            names = "--engine",
            paramLabel = "java|onednn",
            description = "Who multiplies. Default: java for f32, else onednn where it can run.")
    private @Nullable String engine;

    public WeightType dtype() {
        return dtype;
    }

    /// Null for the best there is.
    public @Nullable String engine() {
        return engine;
    }

    public ModelOptions applyTo(ModelOptions options) {
        return options.withWeightType(dtype).withEngine(engine);
    }
}
