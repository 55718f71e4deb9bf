package heed.server;

import heed.hub.Hub;
import heed.model.ModelOptions;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The explorer: its page and its API on one port. What is sent to it stays on the machine; nothing of a text
/// reaches a log or an address.
public final class ExplorerServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ExplorerServer.class.getName());

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json; charset=utf-8",
            "woff2", "font/woff2",
            "png", "image/png");

    private final WebServer server;
    private final ModelShelf models;
    private final String host;

    private ExplorerServer(WebServer server, ModelShelf models, String host) {
        this.server = server;
        this.models = models;
        this.host = host;
    }

    /// What a server is started with.
    ///
    /// @param host the address to listen on
    /// @param port 0 for any that is free
    /// @param references models that are opened at once; the first is the one of those who name none
    public record Settings(String host, int port, List<String> references, ModelOptions options) {
        public Settings {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
            }
            if (references.isEmpty()) {
                throw new IllegalArgumentException("a server needs a model to begin with");
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
        ModelShelf models = new ModelShelf(
                hub, settings.options(), jobs, settings.references().getFirst());
        try {
            settings.references().forEach(models::open);
        } catch (Refusal e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        RunStore runs = new RunStore(Runtime.getRuntime().maxMemory() / 4);
        RunRoutes runRoutes = new RunRoutes(models, runs);
        WebServer server = WebServer.builder()
                .host(settings.host())
                .port(settings.port())
                .shutdownGracePeriod(Duration.ofSeconds(2))
                .routing(routing -> route(
                        routing,
                        new Guard(settings.host()),
                        new ModelRoutes(models, jobs),
                        runRoutes,
                        new StudyRoutes(runs, runRoutes, jobs)))
                .build();
        server.start();
        if (!server.isRunning()) {
            models.close();
            throw cannotListen(settings, "the address could not be had", null);
        }
        return new ExplorerServer(server, models, settings.host());
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

    private static void route(
            HttpRouting.Builder routing, Guard guard, ModelRoutes models, RunRoutes runs, StudyRoutes studies) {
        routing.addFilter(guard)
                .register("/api/runs", runs)
                .register("/api", models, studies)
                .any("/api/*", (_, _) -> {
                    throw Refusal.unknown("there is nothing at this address of the API");
                })
                .get("/*", ExplorerServer::page)
                .error(
                        Refusal.class,
                        (_, response, refusal) -> Answers.json(fresh(response), refusal.status(), refusal.body()))
                .error(
                        IllegalArgumentException.class,
                        (_, response, e) ->
                                Answers.json(fresh(response), 400, Map.of("error", String.valueOf(e.getMessage()))))
                .error(
                        OutOfMemoryError.class,
                        (_, response, _) -> Answers.json(
                                fresh(response),
                                503,
                                Map.of(
                                        "error",
                                        "out of memory: a shorter text, or a server with HEED_JAVA_OPTIONS=-Xmx8g")))
                .error(Throwable.class, (_, response, e) -> {
                    LOG.log(System.Logger.Level.ERROR, "a request failed", e);
                    Answers.json(
                            fresh(response),
                            500,
                            Map.of(
                                    "error",
                                    "this failed inside of Heed: "
                                            + e.getClass().getSimpleName()));
                });
    }

    /// An answer that may have begun as another.
    private static ServerResponse fresh(ServerResponse response) {
        response.headers().remove(HeaderNames.ETAG);
        response.headers().remove(HeaderNames.CACHE_CONTROL);
        return response;
    }

    private static void page(ServerRequest request, ServerResponse response) throws IOException {
        String path = request.path().path();
        String file = path.equals("/") ? "index.html" : path.substring(1);
        Optional<byte[]> bytes = Page.file(file);
        if (bytes.isEmpty()) {
            throw Refusal.unknown("there is no such page");
        }
        response.header("Content-Type", TYPES.getOrDefault(file.substring(file.lastIndexOf('.') + 1), "text/plain"));
        // Names of assets have digests of their content; the page itself changes with the program.
        response.header(
                "Cache-Control", file.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
        response.send(bytes.get());
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

    /// Ends the server and closes its models.
    @Override
    public void close() {
        server.stop();
        models.close();
    }
}
