package heed.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// A server that speaks the protocol of the Hugging Face hub for one repository, `acme/tiny`, and a second one
/// to which it redirects for large files. It can be told to misbehave.
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final int LARGE = 1000;

    /// One request as the servers saw it.
    record Seen(String server, String method, String path, String range, String authorization) {}

    final List<Seen> seen = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> files = new TreeMap<>();

    /// A status with which every request to the hub is answered, and the code that goes with it.
    volatile int status;

    volatile String code = "";

    /// How many requests get that status; afterwards all is well.
    final AtomicInteger times = new AtomicInteger(Integer.MAX_VALUE);

    volatile String token = "";
    volatile boolean listed = true;
    volatile boolean ranges = true;

    /// After so many bytes of a large file the connection ends, once.
    volatile int breakOffAfter = -1;

    /// After so many bytes of a large file nothing comes any more.
    volatile int silentAfter = -1;

    /// Sent instead of the content.
    final Map<String, byte[]> instead = new ConcurrentHashMap<>();

    private final HttpServer hub = server("hub");
    private final HttpServer store = server("store");
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    FakeHub() {
        hub.createContext("/", exchange -> handle("hub", exchange));
        store.createContext("/", exchange -> handle("store", exchange));
        for (HttpServer server : List.of(hub, store)) {
            server.setExecutor(threads);
            server.start();
        }
    }

    private static HttpServer server(String name) {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    String endpoint() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    private void handle(String server, HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            seen.add(new Seen(
                    server,
                    exchange.getRequestMethod(),
                    path,
                    String.valueOf(exchange.getRequestHeaders().getFirst("Range")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
            if (server.equals("store")) {
                send(exchange, path.substring(1));
            } else if (status != 0 && times.getAndDecrement() > 0) {
                refuse(exchange, status, code);
            } else if (!token.isEmpty()
                    && !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                refuse(exchange, 401, "GatedRepo");
            } else if (path.startsWith("/api/models/acme/tiny/revision/")) {
                describe(exchange, path.substring(path.lastIndexOf('/') + 1));
            } else if (path.startsWith("/acme/tiny/resolve/")) {
                resolve(exchange, path.substring("/acme/tiny/resolve/".length()));
            } else {
                refuse(exchange, 404, "RepoNotFound");
            }
        }
    }

    private void describe(HttpExchange exchange, String revision) throws IOException {
        if (!listed) {
            refuse(exchange, 404, "");
        } else if (!isKnown(revision)) {
            refuse(exchange, 404, "RevisionNotFound");
        } else {
            String siblings = files.keySet().stream()
                    .map("{\"rfilename\": \"%s\"}"::formatted)
                    .collect(Collectors.joining(", "));
            byte[] body = "{\"id\": \"acme/tiny\", \"sha\": \"%s\", \"siblings\": [%s]}"
                    .formatted(COMMIT, siblings)
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    byte[] content(String name) {
        return Objects.requireNonNull(files.get(name), name);
    }

    private static boolean isKnown(String revision) {
        return revision.equals("main") || revision.equals(COMMIT) || revision.equals("v1.0");
    }

    private void resolve(HttpExchange exchange, String revisionAndFile) throws IOException {
        String name = revisionAndFile.substring(revisionAndFile.indexOf('/') + 1);
        byte[] content = files.get(name);
        if (!isKnown(revisionAndFile.substring(0, revisionAndFile.indexOf('/')))) {
            refuse(exchange, 404, "RevisionNotFound");
        } else if (content == null) {
            refuse(exchange, 404, "EntryNotFound");
        } else {
            var headers = exchange.getResponseHeaders();
            headers.set("X-Repo-Commit", COMMIT);
            if (content.length >= LARGE) {
                headers.set("X-Linked-Etag", "\"" + etag(content) + "\"");
                headers.set("X-Linked-Size", String.valueOf(content.length));
                headers.set("Location", "http://127.0.0.1:" + store.getAddress().getPort() + "/" + name);
                exchange.sendResponseHeaders(302, -1);
            } else {
                headers.set("ETag", "\"" + etag(content) + "\"");
                send(exchange, name);
            }
        }
    }

    private void send(HttpExchange exchange, String name) throws IOException {
        byte[] content = instead.getOrDefault(name, content(name));
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = 0;
        int answer = 200;
        if (range != null && ranges) {
            from = Integer.parseInt(range.replaceAll("\\D", ""));
            answer = 206;
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        }
        exchange.sendResponseHeaders(answer, content.length - from);
        boolean large = content.length >= LARGE;
        OutputStream body = exchange.getResponseBody();
        if (large && breakOffAfter >= 0) {
            int length = breakOffAfter;
            breakOffAfter = -1;
            body.write(content, from, length);
            body.flush();
            throw new IOException("breaks off, as told");
        }
        if (large && silentAfter >= 0) {
            body.write(content, from, silentAfter);
            body.flush();
            sleep();
        }
        body.write(content, from, content.length - from);
    }

    private static void sleep() {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        if (!code.isEmpty()) {
            exchange.getResponseHeaders().set("X-Error-Code", code);
        }
        exchange.sendResponseHeaders(status, -1);
    }

    /// The name that the hub gives a content.
    static String etag(byte[] content) {
        try {
            if (content.length >= LARGE) {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            }
            MessageDigest git = MessageDigest.getInstance("SHA-1");
            git.update(("blob " + content.length + "\0").getBytes(UTF_8));
            return HexFormat.of().formatHex(git.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    List<String> downloads() {
        return seen.stream()
                .filter(request ->
                        request.method().equals("GET") && !request.path().startsWith("/api/"))
                .filter(request -> request.server().equals("store") || !isLarge(request.path()))
                .map(request -> request.path().replaceFirst("^(/acme/tiny/resolve/[^/]*)?/", ""))
                .toList();
    }

    private boolean isLarge(String path) {
        byte[] content = files.get(path.replaceFirst("^/acme/tiny/resolve/[^/]*/", ""));
        return content != null && content.length >= LARGE;
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }
}
