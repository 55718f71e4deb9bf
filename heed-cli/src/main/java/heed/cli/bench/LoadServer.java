package heed.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A server in a process of its own, so that whoever asks it does not share its memory.
record LoadServer(Process process, URI url) implements AutoCloseable {
    /// Starts `heed serve`, and waits until its models are open.
    ///
    /// @throws IllegalArgumentException when it ends before
    static LoadServer start(String model, @Nullable Path policy) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("serve", "--port", "0", "--model", model));
        if (policy != null) {
            arguments.addAll(List.of("--policy", policy.toString()));
        }
        // As the launcher starts it: this process, which measures, has another collector.
        List<String> command = Program.heed(arguments).command().stream()
                .map(flag -> flag.equals("-XX:+UseParallelGC") ? "-XX:+UseG1GC" : flag)
                .toList();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith("http://")) {
                    LoadServer server = new LoadServer(process, URI.create(line.strip()));
                    server.awaitModels();
                    return server;
                }
            }
            throw new IllegalArgumentException("heed serve --model " + model + " ended before it listened");
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroy();
            throw e;
        }
    }

    private void awaitModels() throws InterruptedException {
        try (LoadTarget target = LoadTarget.of(url, LoadTarget.Route.EMBED, 1)) {
            while (!target.ready()) {
                if (!process.isAlive()) {
                    throw new IllegalArgumentException("the server ended before its model was open");
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    /// Megabytes of memory that the process has, where the system tells; else NaN.
    double megabytes() throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.isReadable(status)) {
            return Double.NaN;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1e3)
                .findFirst()
                .orElse(Double.NaN);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
