package heed.server.api;

import heed.hub.Hub;
import heed.model.ModelOptions;
import heed.server.ExplorerServer;
import heed.serving.ServingSettings;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A server for clients to talk to: small models that read, write and sort.
record ClientModels(ExplorerServer server, String reader, String writer, String sorter) implements AutoCloseable {
    private static final Path GOLDEN = Path.of("..", "heed-models", "src", "test", "resources", "golden");
    static final String KEY = "key-17";

    static ClientModels start(Path folder) throws IOException, InterruptedException {
        String reader = GOLDEN.resolve("bert/masked-lm").toString();
        String writer = writer(folder.resolve("writer")).toString();
        String sorter = GOLDEN.resolve("bert/sequence-classification-multi").toString();
        ExplorerServer server = ExplorerServer.start(
                new ExplorerServer.Settings(
                        "127.0.0.1",
                        0,
                        List.of(reader, writer, sorter),
                        ModelOptions.defaults(),
                        ServingSettings.defaults(),
                        KEY,
                        ModerationFiles.NONE),
                Hub.in(folder.resolve("cache")));
        while (!ready(server)) {
            Thread.sleep(20);
        }
        return new ClientModels(server, reader, writer, sorter);
    }

    private static boolean ready(ExplorerServer server) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                server.address().resolve("/health/ready").toURL().openConnection();
        return connection.getResponseCode() == 200;
    }

    /// A small model that writes, with a template for conversations.
    static Path writer(Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(GOLDEN.resolve("generation/gpt2"))) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        Files.writeString(
                to.resolve("chat_template.jinja"),
                "{% for message in messages %}{{ message['content'] }} {% endfor %}");
        return to;
    }

    @Override
    public void close() {
        server.close();
    }
}
