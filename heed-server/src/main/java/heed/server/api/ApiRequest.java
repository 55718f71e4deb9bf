package heed.server.api;

import heed.serving.Ability;
import heed.serving.Admission;
import heed.serving.Deadline;
import heed.serving.NotServed;
import heed.serving.NotServed.Reason;
import heed.serving.ServedModel;
import heed.serving.Serving;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A request in JSON that was let in. As long as it is open it counts as under way.
///
/// @param deadline when the answer is no longer wanted
record ApiRequest(Serving serving, Fields fields, Deadline deadline, List<Admission.Ticket> tickets)
        implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.shared();

    /// A request of no size to speak of is counted as this many bytes.
    private static final int LEAST_BYTES = 1 << 10;

    private static final int BUFFER = 1 << 14;

    /// Reads all of a request, within its time.
    ///
    /// @throws NotServed when it is no JSON object, too large or too slow, or there is no room
    static ApiRequest read(ServerRequest request, Serving serving) {
        String type =
                request.headers().first(HeaderNames.CONTENT_TYPE).orElse("").toLowerCase(Locale.ROOT);
        if (!type.startsWith("application/json")) { // a form of a foreign page cannot send this
            throw NotServed.invalid("send JSON, with Content-Type: application/json");
        }
        OptionalLong length = request.headers().contentLength();
        try {
            // not closed: that would read what is left of a request that was refused
            return read(request.content().inputStream(), length.orElse(-1), serving);
        } catch (IOException e) {
            throw new ClientGone(e);
        }
    }

    /// @param length what the request says of its length; -1 when it does not
    static ApiRequest read(InputStream in, long length, Serving serving) throws IOException {
        Deadline deadline = serving.deadline();
        List<Admission.Ticket> tickets = new ArrayList<>();
        try {
            byte[] bytes = bytes(in, length, serving, deadline, tickets);
            return new ApiRequest(serving, new Fields(object(bytes), ""), deadline, tickets);
        } catch (Throwable e) {
            tickets.forEach(Admission.Ticket::close);
            throw e;
        }
    }

    private static byte[] bytes(
            InputStream in, long length, Serving serving, Deadline deadline, List<Admission.Ticket> tickets)
            throws IOException {
        int most = serving.settings().maxBodyBytes();
        if (length > most) {
            throw tooLarge(most);
        }
        long counted = Math.max(LEAST_BYTES, length);
        tickets.add(serving.bodies().admit(counted));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) Math.max(length, BUFFER));
        byte[] buffer = new byte[BUFFER];
        for (int count = read(in, buffer); count >= 0; count = read(in, buffer)) {
            if (bytes.size() + count > most) {
                throw tooLarge(most);
            }
            if (bytes.size() + count > counted) {
                tickets.add(serving.bodies().admit(4L * BUFFER));
                counted += 4L * BUFFER;
            }
            bytes.write(buffer, 0, count);
            if (deadline.passed()) {
                throw slow();
            }
        }
        return bytes.toByteArray();
    }

    private static int read(InputStream in, byte[] buffer) throws IOException {
        try {
            return in.read(buffer);
        } catch (SocketTimeoutException e) {
            throw slow();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SocketTimeoutException) {
                    throw slow();
                }
            }
            throw e instanceof RequestException ? e : new ClientGone(e);
        }
    }

    private static NotServed slow() {
        return new NotServed(Reason.SLOW, "the request did not arrive in time");
    }

    private static NotServed tooLarge(int most) {
        return NotServed.tooLarge("the request is larger than " + most + " bytes");
    }

    private static JsonNode object(byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(bytes);
            if (node == null || !node.isObject()) {
                throw NotServed.invalid("the request is not a JSON object");
            }
            return node;
        } catch (JacksonException e) { // its message may quote the request: only the place is told
            TokenStreamLocation place = e.getLocation();
            throw NotServed.invalid("the request is not JSON"
                    + (place == null ? "" : ": line " + place.getLineNr() + ", column " + place.getColumnNr()));
        }
    }

    /// The model that the request names, or the first that can do it.
    ServedModel model(Ability ability) {
        return serving.model(fields.textOrNull("model"), ability);
    }

    /// @throws NotServed when there are more texts than one request may have
    <T> List<T> limited(List<T> texts) {
        int most = serving.settings().maxTexts();
        if (texts.size() > most) {
            throw NotServed.tooLarge(
                    "the request has " + texts.size() + " texts, at most " + most + " are taken: send it in parts");
        }
        return texts;
    }

    @Override
    public void close() {
        tickets.forEach(Admission.Ticket::close);
    }
}
