package heed.cli.bench;

import heed.family.ModelConfig;
import heed.hub.Hub;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// The option `--model`: which model is measured, opened on the kernels and threads of the measurement.
final class ModelChoice {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            defaultValue = "minilm",
            description = "A folder, a name from `heed models list`, or maven:group:artifact:version. Default: minilm")
    private String reference = "minilm";

    String reference() {
        return reference;
    }

    Model open(WorkerPool workers, Console console) {
        return open(KernelProvider.active().kernels(), workers, console);
    }

    Model open(Kernels kernels, WorkerPool workers, Console console) {
        Path folder = Hub.standard().fetch(reference, console);
        return Models.open(
                reference, folder, ModelOptions.defaults().withKernels(kernels).withWorkers(workers));
    }

    ModelConfig config(Console console) {
        return ModelConfig.read(Hub.standard().fetch(reference, console));
    }

    /// The model on the readable kernels, as the referee of what is timed.
    Model openReadable(WorkerPool workers, Console console) {
        return open(KernelProvider.scalar(), workers, console);
    }
}
