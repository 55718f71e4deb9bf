package heed.cli;

import heed.hub.Hub;
import heed.kernel.KernelProvider;
import heed.kernel.LinearEngines;
import heed.kernel.WeightType;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.model.Models;
import heed.task.Embedder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Say what Heed found on this machine: Java, kernels, threads, engines and why, memory, cache.",
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
        out.println("heap        at most " + runtime.maxMemory() / (1 << 20)
                + " MB: a quarter of the memory unless -Xmx says otherwise (for ./heed: HEED_JAVA_OPTIONS=-Xmx8g)");
        KernelProvider.ActiveKernels active = KernelProvider.active();
        out.println("kernels     " + active.kernels().name() + ": " + active.reason());
        String threads = System.getProperty(WorkerPool.PROPERTY);
        out.println("threads     " + WorkerPool.shared().threads() + ": "
                + (threads == null
                        ? "as many as processors; the property " + WorkerPool.PROPERTY + " says otherwise"
                        : "asked for by " + WorkerPool.PROPERTY + "=" + threads));
        for (LinearEngines.Found engine : LinearEngines.all(active.kernels())) {
            out.println("engine      " + engine.name() + ": "
                    + engine.engine()
                            .map(found -> "weights of "
                                    + found.types().stream()
                                            .sorted()
                                            .map(WeightType::toString)
                                            .collect(Collectors.joining(", ")))
                            .orElse("not here: " + engine.reason()));
        }
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
