package heed.server.api;

import heed.serving.NotServed;
import heed.serving.NotServed.Reason;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// Asks for a key at every address but those of health. It comes as `Authorization: Bearer`, as `X-API-Key`, as
/// the password of `Authorization: Basic` (which browsers ask a person for), or, as Perspective's clients send
/// it, as `?key=`.
final class KeyFilter implements Filter {
    private final byte[] digest;

    KeyFilter(String key) {
        this.digest = digest(key);
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        String path = request.path().path();
        if (path.equals("/health")
                || path.startsWith("/health/")
                || given(request).filter(this::right).isPresent()) {
            chain.proceed();
            return;
        }
        response.header("WWW-Authenticate", "Basic realm=\"heed\", charset=\"UTF-8\"");
        response.status(401);
        response.header("Content-Type", "application/json; charset=utf-8");
        NotServed why =
                new NotServed(Reason.FORBIDDEN, "this server asks for a key, and there was none or a wrong one");
        response.send(ApiRequest.JSON.writeValueAsBytes(
                Dialect.of(path).problem(401, why.reason(), String.valueOf(why.getMessage()))));
    }

    private static Optional<String> given(RoutingRequest request) {
        Optional<String> header = request.headers().first(HeaderNames.AUTHORIZATION);
        if (header.isPresent()) {
            return header.flatMap(KeyFilter::fromAuthorization);
        }
        Optional<String> own = request.headers().first(HeaderNames.create("X-API-Key"));
        return own.isPresent() ? own : request.query().first("key").asOptional();
    }

    private static Optional<String> fromAuthorization(String header) {
        int space = header.indexOf(' ');
        String value = header.substring(space + 1).strip();
        return switch (header.substring(0, Math.max(0, space)).toLowerCase(Locale.ROOT)) {
            case "bearer" -> Optional.of(value);
            case "basic" -> password(value);
            default -> Optional.empty();
        };
    }

    private static Optional<String> password(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            return Optional.of(pair.substring(pair.indexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// In a time that tells nothing of the key, not even its length.
    private boolean right(String key) {
        return MessageDigest.isEqual(digest, digest(key));
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
