package heed.server;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// The files of the explorer's page, as they lie in the jar.
final class Page {
    private static final String FOLDER = "/heed/server/web/";

    /// Where a build that could not make the page says why.
    private static final String MISSING = "missing.txt";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json; charset=utf-8",
            "woff2", "font/woff2",
            "png", "image/png");

    private Page() {}

    static void serve(ServerRequest request, ServerResponse response) throws IOException {
        String path = request.path().path();
        String file = path.equals("/") ? "index.html" : path.substring(1);
        byte[] bytes = file(file).orElseThrow(() -> Refusal.unknown("there is no such page"));
        String extension = file.substring(file.lastIndexOf('.') + 1);
        response.header("Content-Type", TYPES.getOrDefault(extension, "text/plain; charset=utf-8"));
        // Names of assets have digests of their content; the page itself changes with the program.
        response.header(
                "Cache-Control", file.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
        Answers.send(request, response, bytes);
    }

    /// Why the page could not be built, in one line; nothing where it was.
    static Optional<String> missing() throws IOException {
        return file(MISSING)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
                .filter(reason -> !reason.isEmpty());
    }

    /// One file.
    ///
    /// @param path below the page's folder, such as `index.html`
    /// @return its bytes, or nothing if the page has no such file
    private static Optional<byte[]> file(String path) throws IOException {
        if (path.contains("..") || path.endsWith("/")) {
            return Optional.empty();
        }
        try (InputStream in = Page.class.getResourceAsStream(FOLDER + path)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        }
    }
}
