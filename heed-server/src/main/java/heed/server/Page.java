package heed.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// The files of the explorer's page, as they lie in the jar.
final class Page {
    private static final String FOLDER = "/heed/server/web/";

    private Page() {}

    /// One file.
    ///
    /// @param path below the page's folder, such as `index.html`
    /// @return its bytes, or nothing if the page has no such file
    static Optional<byte[]> file(String path) throws IOException {
        if (path.contains("..") || path.endsWith("/")) {
            return Optional.empty();
        }
        try (InputStream in = Page.class.getResourceAsStream(FOLDER + path)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        }
    }
}
