package heed.cli.bench;

import heed.cli.options.WeightOptions;
import heed.family.ModelConfig;
import heed.hub.Hub;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The option `--model`: which model is measured, opened on the kernels and threads of the measurement.
final class ModelChoice {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            defaultValue = "minilm",
            description = "A folder, a name from `heed models list`, or maven:group:artifact:version. Default: minilm")
    private String reference = "minilm";

    @Mixin
    private WeightOptions weights = new WeightOptions();

    String reference() {
        return reference;
    }

    Model open(WorkerPool workers, Console console) {
        return open(KernelProvider.active().kernels(), workers, console);
    }

    Model open(Kernels kernels, WorkerPool workers, Console console) {
        return open(
                weights.applyTo(ModelOptions.defaults()).withKernels(kernels).withWorkers(workers), console);
    }

    private Model open(ModelOptions options, Console console) {
        options.weightFormat(); // what cannot be met need not be fetched
        return Models.open(reference, Hub.standard().fetch(reference, console), options);
    }

    ModelConfig config(Console console) {
        return ModelConfig.read(Hub.standard().fetch(reference, console));
    }

    /// The model with exact weights on the readable kernels, as the referee of what is timed.
    Model openReadable(WorkerPool workers, Console console) {
        return open(ModelOptions.defaults().withKernels(KernelProvider.scalar()).withWorkers(workers), console);
    }

    /// The model with exact weights, as the referee of rounded ones.
    Model openExact(WorkerPool workers, Console console) {
        return open(ModelOptions.defaults().withWorkers(workers), console);
    }
}
