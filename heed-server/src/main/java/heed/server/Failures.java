package heed.server;

import heed.serving.NotServed;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is answered where a request fails: JSON with a reason, and no more of a fault of ours than its kind.
final class Failures {
    private static final System.Logger LOG = System.getLogger(Failures.class.getName());

    private Failures() {}

    static void answerIn(HttpRouting.Builder routing) {
        routing.error(Refusal.class, (request, response, refusal) -> {
                    refusal.methods().ifPresent(methods -> response.header(HeaderNames.ALLOW, methods));
                    Answers.json(request, fresh(response), refusal.status(), refusal.body());
                })
                .error(
                        NotServed.class,
                        (request, response, e) -> Answers.json(
                                request, fresh(response), status(e), reason(String.valueOf(e.getMessage()))))
                .error(
                        IllegalArgumentException.class,
                        (request, response, e) ->
                                Answers.json(request, fresh(response), 400, reason(String.valueOf(e.getMessage()))))
                .error(
                        HttpException.class,
                        (request, response, e) -> Answers.json(
                                request, fresh(response), e.status().code(), reason(String.valueOf(e.getMessage()))))
                .error(
                        OutOfMemoryError.class,
                        (request, response, _) -> Answers.json(
                                request,
                                fresh(response),
                                503,
                                reason("out of memory: a shorter text, or a server with HEED_JAVA_OPTIONS=-Xmx8g")))
                .error(Throwable.class, (request, response, e) -> {
                    LOG.log(System.Logger.Level.ERROR, "a request failed", e);
                    Answers.json(
                            request,
                            fresh(response),
                            500,
                            reason("this failed inside of Heed: " + e.getClass().getSimpleName()));
                });
    }

    /// Of what readers of requests refuse, as routes of the API would answer.
    private static int status(NotServed e) {
        return switch (e.reason()) {
            case INVALID -> 400;
            case FORBIDDEN -> 401;
            case UNKNOWN -> 404;
            case SLOW -> 408;
            case TOO_LARGE -> 413;
            case UNABLE -> 422;
            case OVERLOADED -> 429;
            case UNREADY -> 503;
            case LATE -> 504;
        };
    }

    /// An answer that may have begun as another.
    private static ServerResponse fresh(ServerResponse response) {
        response.headers().remove(HeaderNames.ETAG);
        response.headers().remove(HeaderNames.CACHE_CONTROL);
        return response;
    }

    /// What is no HTTP, or too much of it, never comes as far as a route.
    static DirectHandlers beforeRouting() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
            handlers.addHandler(event, Failures::unrouted);
        }
        return handlers.build();
    }

    /// @param message what is wrong; null where it might repeat what was sent
    private static DirectHandler.TransportResponse unrouted(
            DirectHandler.TransportRequest request,
            DirectHandler.EventType event,
            Status status,
            ServerResponseHeaders headers,
            @Nullable String message) {
        String said = message == null || message.isBlank() ? "this is no request that can be read" : message;
        headers.set(HeaderNames.CONTENT_TYPE, "application/json; charset=utf-8");
        return DirectHandler.TransportResponse.builder()
                .status(status)
                .headers(headers)
                .keepAlive(event.keepAlive())
                .entity(Answers.JSON.writeValueAsBytes(reason(said)))
                .build();
    }

    private static Map<String, Object> reason(String reason) {
        return Map.of("error", reason);
    }
}
