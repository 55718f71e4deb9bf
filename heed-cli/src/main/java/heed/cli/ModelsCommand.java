package heed.cli;

import heed.checkpoint.RoundedFolder;
import heed.family.ModelConfig;
import heed.hub.CachedRepository;
import heed.hub.CatalogueEntry;
import heed.hub.Hub;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description = "List, fetch and describe models.",
        footerHeading = "%nExample:%n",
        footer = {
            "  heed models list",
            "  heed models pull bert-base-uncased",
            "  heed models pull hf:sentence-transformers/all-MiniLM-L6-v2"
        })
final class ModelsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    enum Format {
        TEXT,
        JSON
    }

    @Override
    public void run() {
        list(Format.TEXT);
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description =
                    "The models that have a name, those beside the program included, and those of the Hugging Face hub"
                            + " that are here.")
    int list(
            @Option(names = "--format", paramLabel = "text|json", defaultValue = "text", description = "Default: text")
                    Format format) {
        PrintWriter out = spec.commandLine().getOut();
        Hub hub = Hub.standard();
        List<Map<String, Object>> all = new ArrayList<>();
        for (CatalogueEntry entry : hub.catalogue()) {
            boolean here = hub.cached(entry.alias()).isPresent();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", entry.alias());
            fields.put("reference", entry.reference());
            fields.put("description", entry.description());
            fields.put("licence", entry.licence());
            fields.put("parameters", entry.parameters());
            fields.put("download_bytes", entry.downloadBytes());
            fields.put("cached", here);
            all.add(fields);
            if (format == Format.TEXT) {
                out.println(String.format(
                        Locale.ROOT,
                        "%-30s %5.0fM parameters  %4d MB  %s",
                        entry.alias(),
                        entry.parameters() / 1e6,
                        entry.downloadBytes() / 1_000_000,
                        here ? "here" : "to be fetched"));
                out.println("    " + entry.description());
            }
        }
        for (String name : hub.namedFolders()) {
            Path folder = hub.fetch(name);
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", name);
            fields.put("reference", folder.toString());
            fields.put("bytes", bytes(folder));
            fields.put("cached", true);
            all.add(fields);
            if (format == Format.TEXT) {
                out.println(String.format(Locale.ROOT, "%-51s %4d MB  here", name, bytes(folder) / 1_000_000));
            }
        }
        for (CachedRepository repository : hub.repositories()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", repository.reference());
            fields.put("reference", repository.reference());
            fields.put("bytes", repository.bytes());
            fields.put("cached", true);
            all.add(fields);
            if (format == Format.TEXT) {
                out.println(String.format(
                        Locale.ROOT, "%-51s %4d MB  here", repository.reference(), repository.bytes() / 1_000_000));
            }
        }
        if (format == Format.JSON) {
            out.println(Json.line(all));
        }
        return 0;
    }

    @Command(
            name = "pull",
            mixinStandardHelpOptions = true,
            description = "Fetch a model, so that it is here when needed.")
    int pull(
            @Parameters(
                            paramLabel = "MODEL",
                            description =
                                    "A name of the list, hf:org/name[@revision], or maven:group:artifact:version.")
                    String reference,
            @Option(names = "--verify", description = "Also compare the checksum of every file.") boolean verify) {
        PrintWriter err = spec.commandLine().getErr();
        Hub hub = Hub.standard();
        Path folder = hub.pull(reference, new ProgressLine(err));
        if (verify) {
            List<String> damage = hub.verify(reference, new ProgressLine(err));
            if (!damage.isEmpty()) {
                throw new IllegalArgumentException(reference + " is damaged: " + String.join("; ", damage));
            }
        }
        spec.commandLine().getOut().println(folder);
        return 0;
    }

    @Command(
            name = "round",
            mixinStandardHelpOptions = true,
            description = "Write a model at half its size, its weights as 16-bit floats (bf16).")
    int round(
            @Parameters(paramLabel = "MODEL", description = "A folder, a name, hf:… or maven:….") String reference,
            @Option(
                            names = "--out",
                            required = true,
                            paramLabel = "DIR",
                            description = "The folder that is written to.")
                    Path out)
            throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        Path source = Hub.standard().fetch(reference, new ProgressLine(err));
        if (Files.exists(out.resolve("config.json"))) {
            throw new IllegalArgumentException(out + " has a model already: choose another --out");
        }
        RoundedFolder.write(source, out);
        err.println("heed: " + out + " has " + bytes(out) / 1_000_000 + " MB");
        return 0;
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "What a model is: sizes, head, files.")
    int show(
            @Parameters(
                            paramLabel = "MODEL",
                            description = "A folder, a name, hf:org/name[@revision], or maven:group:artifact:version.")
                    String reference) {
        PrintWriter out = spec.commandLine().getOut();
        Hub hub = Hub.standard();
        Optional<CatalogueEntry> known = hub.catalogue().stream()
                .filter(entry ->
                        entry.alias().equals(reference) || entry.reference().equals(reference))
                .findFirst();
        known.ifPresent(entry -> {
            out.println(entry.alias() + ": " + entry.description());
            out.println("  reference     " + entry.reference());
            out.println("  licence       " + entry.licence());
            out.println(String.format(
                    Locale.ROOT,
                    "  parameters    %,d (download %d MB)",
                    entry.parameters(),
                    entry.downloadBytes() / 1_000_000));
        });
        Optional<Path> folder = hub.cached(reference);
        if (folder.isEmpty()) {
            out.println("  not here yet: heed models pull " + reference);
            return 0;
        }
        ModelConfig config = ModelConfig.read(folder.get());
        out.println("  folder        " + folder.get());
        out.println("  family        " + config.modelType() + ", " + config.architecture());
        out.println("  layers        " + config.layers());
        out.println("  heads         " + config.heads());
        out.println("  width         " + config.dModel());
        out.println("  vocabulary    " + config.vocabularySize());
        out.println("  longest text  " + config.maxTokens() + " tokens");
        if (config.architecture().contains("Classification")) {
            out.println("  labels        " + String.join(", ", config.labels()));
        }
        out.println("  files         " + String.join(", ", files(folder.get())));
        return 0;
    }

    private static List<String> files(Path folder) {
        if (Files.isRegularFile(folder)) {
            return List.of(folder.getFileName() + " (" + size(folder) + ")");
        }
        try (Stream<Path> paths = Files.walk(folder, 2)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> folder.relativize(path) + " (" + size(path) + ")")
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long bytes(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .mapToLong(path -> path.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String size(Path path) {
        try {
            long bytes = Files.size(path);
            return bytes < 1_000_000 ? bytes / 1000 + " kB" : bytes / 1_000_000 + " MB";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
