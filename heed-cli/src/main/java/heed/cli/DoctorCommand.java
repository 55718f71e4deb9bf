package heed.cli;

import heed.hub.Hub;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.model.Models;
import heed.task.Embedder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Say what Heed found on this machine: Java, kernels and why, threads, memory, cache.",
        footerHeading = "%nExample:%n",
        footer = "  heed doctor")
final class DoctorCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Runtime runtime = Runtime.getRuntime();
        out.println("heed        " + Version.text());
        out.println("java        " + Runtime.version() + ", " + System.getProperty("java.vendor"));
        out.println("machine     " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + runtime.availableProcessors() + " processors");
        out.println("heap        at most " + runtime.maxMemory() / (1 << 20) + " MB");
        KernelProvider.ActiveKernels active = KernelProvider.active();
        out.println("kernels     " + active.kernels().name() + ": " + active.reason());
        out.println("threads     " + WorkerPool.shared().threads() + " (property " + WorkerPool.PROPERTY + ")");
        Hub hub = Hub.standard();
        Path cache = hub.cacheFolder();
        out.println("cache       " + cache + (Files.isDirectory(cache) ? "" : " (not there yet)"));
        List<String> cached = hub.catalogue().stream()
                .map(entry -> entry.alias())
                .filter(alias -> hub.cached(alias).isPresent())
                .toList();
        out.println("models      " + (cached.isEmpty() ? "none here yet" : String.join(", ", cached)));
        if (cached.contains(ModelOption.DEFAULT)) {
            try (Model model = Models.open(ModelOption.DEFAULT)) {
                int dimensions = new Embedder(model).embed("Is everything well?").length;
                out.println("check       " + model + " embeds a sentence in " + dimensions + " dimensions");
            }
        }
        return 0;
    }
}
