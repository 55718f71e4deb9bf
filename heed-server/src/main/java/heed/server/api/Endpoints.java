package heed.server.api;

import heed.serving.NotServed;
import heed.serving.NotServed.Reason;
import heed.serving.Serving;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Puts routes where requests find them. Whatever a route throws becomes an answer in the words of its dialect,
/// with the reason and never with a part of the text.
final class Endpoints {
    private static final System.Logger LOG = System.getLogger(Endpoints.class.getName());

    private final HttpRouting.Builder routing;
    private final Serving serving;
    private final SequencedSet<String> paths = new LinkedHashSet<>();

    Endpoints(HttpRouting.Builder routing, Serving serving) {
        this.routing = routing;
        this.serving = serving;
    }

    /// Answers a request that was let in.
    interface Answerer {
        /// @return the answer as JSON; null when it was sent already
        @Nullable
        Object answer(ApiRequest request, ServerResponse response) throws Exception;
    }

    /// Answers a request that has nothing to say but its address.
    interface Looker {
        Object answer(ServerRequest request) throws Exception;
    }

    /// The addresses, as `POST /embed`.
    SequencedSet<String> paths() {
        return paths;
    }

    void post(String path, Answerer answerer) {
        paths.add("POST " + path);
        routing.post(path, handler(path, (request, response) -> {
            try (ApiRequest read = ApiRequest.read(request, serving)) {
                Object answer = answerer.answer(read, response);
                if (answer != null) {
                    json(response, 200, answer);
                }
            }
        }));
    }

    void get(String path, Looker looker) {
        paths.add("GET " + path);
        routing.get(path, handler(path, (request, response) -> json(response, 200, looker.answer(request))));
    }

    /// What answers for itself.
    void getRaw(String path, Handler handler) {
        paths.add("GET " + path);
        routing.get(path, handler);
    }

    private Handler handler(String path, Handler work) {
        Dialect dialect = Dialect.of(path);
        return (request, response) -> {
            long start = serving.clock().getAsLong();
            try {
                work.handle(request, response);
            } catch (ClientGone e) {
                throw new CloseConnectionException("the client went away", e);
            } catch (Throwable e) {
                if (response.isSent()) {
                    throw e; // too late for another answer
                }
                problem(response, dialect, e);
            } finally {
                Duration time = Duration.ofNanos(serving.clock().getAsLong() - start);
                serving.metrics().request(path, response.status().code(), time);
            }
        };
    }

    private void problem(ServerResponse response, Dialect dialect, Throwable e) {
        switch (e) {
            case NotServed not -> {
                serving.metrics().declined(not.reason());
                problem(response, dialect, dialect.status(not.reason()), not);
            }
            case IllegalArgumentException _ ->
                problem(response, dialect, 400, NotServed.invalid(String.valueOf(e.getMessage())));
            case InterruptedException _ ->
                problem(response, dialect, 503, new NotServed(Reason.UNREADY, "this server is shutting down"));
            case OutOfMemoryError _ ->
                problem(response, dialect, 503, new NotServed(Reason.UNREADY, "out of memory: send less at once"));
            default -> {
                LOG.log(System.Logger.Level.ERROR, "a request failed", e);
                String name = e.getClass().getSimpleName();
                problem(response, dialect, 500, NotServed.unable("this failed inside of Heed: " + name));
            }
        }
    }

    private static void problem(ServerResponse response, Dialect dialect, int status, NotServed why) {
        if (!why.retryAfter().isZero()) {
            response.header(
                    "Retry-After", String.valueOf(Math.max(1, why.retryAfter().toSeconds())));
        }
        if (status == 408 || status == 413) {
            response.header("Connection", "close"); // what is still to come is not read
        }
        json(response, status, dialect.problem(status, why.reason(), String.valueOf(why.getMessage())));
    }

    static void json(ServerResponse response, int status, Object body) {
        response.status(status);
        response.header("Content-Type", "application/json; charset=utf-8");
        response.send(ApiRequest.JSON.writeValueAsBytes(body));
    }
}
