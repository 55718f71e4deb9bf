package heed.server;

import heed.claims.ClaimFolder;
import heed.hub.Hub;
import heed.model.ModelOptions;
import heed.server.api.Api;
import heed.server.api.Judge;
import heed.server.api.ModerationFiles;
import heed.serving.Moderation;
import heed.serving.Serving;
import heed.serving.ServingSettings;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The explorer, its page and its API, and beside them what programs ask ([Api]), on one port. What is sent to
/// it stays on the machine; nothing of a text reaches a log or an address.
public final class ExplorerServer implements AutoCloseable {
    /// A client that sends nothing for so long is not waited for.
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private static final int MOST_CONNECTIONS = 10_000;

    private final WebServer server;
    private final ModelShelf models;
    private final Serving serving;
    private final Judge moderation;
    private final String host;

    private ExplorerServer(WebServer server, ModelShelf models, Serving serving, Judge moderation, String host) {
        this.server = server;
        this.models = models;
        this.serving = serving;
        this.moderation = moderation;
        this.host = host;
    }

    /// What a server is started with.
    ///
    /// @param host the address to listen on
    /// @param port 0 for any that is free
    /// @param references models that are opened at once; the first is the one of those who name none
    /// @param serving how much is taken on
    /// @param key what every request must bring; null for none
    /// @param moderation what comments are judged by, and what is kept of them
    /// @param claims where results of `heed claims` are kept
    public record Settings(
            String host,
            int port,
            List<String> references,
            ModelOptions options,
            ServingSettings serving,
            @Nullable String key,
            ModerationFiles moderation,
            Path claims) {
        /// With results of claims where `heed claims` usually keeps them.
        public Settings(
                String host,
                int port,
                List<String> references,
                ModelOptions options,
                ServingSettings serving,
                @Nullable String key,
                ModerationFiles moderation) {
            this(host, port, references, options, serving, key, moderation, Path.of("claims"));
        }

        /// With the usual limits, for everybody who can reach the address.
        public Settings(String host, int port, List<String> references, ModelOptions options) {
            this(host, port, references, options, ServingSettings.defaults(), null, ModerationFiles.NONE);
        }

        public Settings {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
            }
            if (references.isEmpty()) {
                throw new IllegalArgumentException("a server needs a model to begin with");
            }
            if (key != null && key.isBlank()) {
                throw new IllegalArgumentException("the key is empty");
            }
            references = List.copyOf(references);
        }
    }

    /// Starts to listen; models are opened meanwhile.
    ///
    /// @throws IllegalArgumentException when the address cannot be had, or a reference means nothing
    public static ExplorerServer start(Settings settings, Hub hub) {
        requireFree(settings);
        Jobs jobs = new Jobs();
        Serving serving = new Serving(
                settings.serving(),
                settings.references(),
                System::nanoTime,
                settings.options().kernels().getClass().getSimpleName());
        Judge moderation = Judge.open(
                settings.moderation(), System::nanoTime, serving.metrics().moderation());
        ModelShelf models = new ModelShelf(
                hub, settings.options(), jobs, settings.references().getFirst(), serving);
        try {
            settings.references().forEach(models::open);
        } catch (Refusal e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        RunStore runs = new RunStore(Runtime.getRuntime().maxMemory() / 4);
        RunRoutes runRoutes = new RunRoutes(models, runs);
        Api api = new Api(serving, settings.key(), moderation);
        WebServer server = WebServer.builder()
                .host(settings.host())
                .port(settings.port())
                .directHandlers(Failures.beforeRouting())
                .shutdownGracePeriod(Duration.ofSeconds(2))
                .maxTcpConnections(MOST_CONNECTIONS)
                // The end of an answer does not wait for the client to say that it has the rest: some take 40 ms for
                // that.
                .connectionOptions(
                        options -> options.readTimeout(LONGEST_SILENCE).tcpNoDelay(true))
                .routing(routing -> {
                    routing.addFilter(new Guard(settings.host(), settings.key() != null));
                    api.addTo(routing);
                    route(
                            routing,
                            runRoutes,
                            new ModelRoutes(models, jobs, moderation.hasReviews()),
                            new StudyRoutes(runs, runRoutes, jobs),
                            new ReadingRoutes(
                                    settings.options().kernels(),
                                    settings.options().workers()),
                            new LensRoutes(models, jobs),
                            new ClaimRoutes(Moderation.withLectures(), new ClaimFolder(settings.claims())));
                })
                .build();
        server.start();
        if (!server.isRunning()) {
            serving.close();
            models.close();
            moderation.close();
            throw cannotListen(settings, "the address could not be had", null);
        }
        return new ExplorerServer(server, models, serving, moderation, settings.host());
    }

    /// Helidon logs why it cannot listen, and throws nothing; so it is tried before.
    private static void requireFree(Settings settings) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port()));
        } catch (IOException e) {
            throw cannotListen(settings, String.valueOf(e.getMessage()), e);
        }
    }

    private static IllegalArgumentException cannotListen(Settings settings, String reason, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "cannot listen on " + settings.host() + ", port " + settings.port() + ": " + reason
                        + "; choose another with --host or --port",
                cause);
    }

    private static void route(HttpRouting.Builder routing, RunRoutes runs, HttpService... others) {
        routing.register("/api/runs", runs).register("/api", others);
        routing.any("/api/*", (_, _) -> {
            throw Refusal.unknown("there is nothing at this address of the API");
        });
        new Routes(routing).get("/*", Page::serve);
        Failures.answerIn(routing);
    }

    /// The port it listens on.
    public int port() {
        return server.port();
    }

    /// Where the page is.
    public URI address() {
        String name = host.contains(":") ? "[" + host + "]" : host.equals("0.0.0.0") ? "127.0.0.1" : host;
        return URI.create("http://" + name + ":" + port() + "/");
    }

    /// Takes on nothing new, and waits for what is under way, as long as the settings say.
    ///
    /// @return whether all of it was answered
    public boolean drain() throws InterruptedException {
        return serving.drain();
    }

    /// Why there is no page to look at, only the API: one line, or nothing where all is well.
    public static Optional<String> missingPage() throws IOException {
        return Page.missing();
    }

    /// Ends the server and closes its models.
    @Override
    public void close() {
        server.stop();
        serving.close();
        models.close();
        moderation.close();
    }
}
