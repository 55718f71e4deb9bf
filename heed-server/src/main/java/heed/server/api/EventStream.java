package heed.server.api;

import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// An answer that comes in parts, as server-sent events. It begins with the first of them: until then a request
/// can still be refused with a status.
final class EventStream implements AutoCloseable {
    private final ServerResponse response;
    private @Nullable OutputStream out;
    private @Nullable Object waiting;

    EventStream(ServerResponse response) {
        this.response = response;
    }

    boolean begun() {
        return out != null;
    }

    /// Goes before the next event, and does not begin the answer.
    void later(Object event) {
        waiting = event;
    }

    /// @throws ClientGone when nobody listens any more
    void send(Object event) {
        Object before = waiting;
        waiting = null;
        if (before != null) {
            sendLine(ApiRequest.JSON.writeValueAsString(before));
        }
        sendLine(ApiRequest.JSON.writeValueAsString(event));
    }

    /// @throws ClientGone when nobody listens any more
    void sendLine(String data) {
        try {
            OutputStream begun = out;
            if (begun == null) {
                response.header("Content-Type", "text/event-stream");
                response.header("Cache-Control", "no-store");
                begun = response.outputStream();
                out = begun;
            }
            begun.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
            begun.flush();
        } catch (IOException | RuntimeException e) {
            throw new ClientGone(e);
        }
    }

    @Override
    public void close() {
        OutputStream begun = out;
        if (begun != null) {
            try {
                begun.close();
            } catch (IOException | RuntimeException e) {
                throw new ClientGone(e);
            }
        }
    }
}
