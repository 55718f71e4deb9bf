package heed.server;

import heed.server.api.Fields;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What came with a request to the explorer.
final class Body {
    private static final int MOST_BYTES = 1 << 20;

    private Body() {}

    /// @throws Refusal when there is no object in JSON, or it is too large
    static Fields of(ServerRequest request) {
        String type =
                request.headers().first(HeaderNames.CONTENT_TYPE).orElse("").toLowerCase(Locale.ROOT);
        if (!type.startsWith("application/json")) { // a form of a foreign page cannot send this
            throw Refusal.malformed("send JSON, with Content-Type: application/json");
        }
        try (InputStream in = request.content().inputStream()) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw Refusal.large("the request is larger than 1 MB");
            }
            JsonNode node = Answers.JSON.readTree(bytes);
            if (node == null || !node.isObject()) {
                throw Refusal.malformed("the request is not a JSON object");
            }
            return new Fields(node, "");
        } catch (JacksonException e) {
            throw Refusal.malformed("the request is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
