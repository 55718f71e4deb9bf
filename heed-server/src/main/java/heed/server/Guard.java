package heed.server;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Lets in what was meant for this server, and tells browsers what the page may do. A name that somebody else
/// made point to this machine (DNS rebinding) and a page of somebody else are turned away.
///
/// @param host what the server was bound to, beside the names of the loopback; where that is every address, a
/// number will do, since no name can be made to point elsewhere by it
/// @param keyed whether requests bring a key, which a page of somebody else does not have: then any name will
/// do
record Guard(String host, boolean keyed) implements Filter {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private static final Pattern NUMBER = Pattern.compile("\\[[0-9a-f:.]+]|\\d{1,3}(\\.\\d{1,3}){3}");

    private static final String POLICY = "default-src 'self'; img-src 'self' data: blob:; object-src 'none';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        response.header("Content-Security-Policy", POLICY);
        response.header("X-Content-Type-Options", "nosniff");
        response.header("Referrer-Policy", "no-referrer");
        response.header("Cross-Origin-Resource-Policy", "same-origin");
        String asked = request.headers().first(HeaderNames.HOST).orElse("");
        boolean probe = request.path().path().startsWith("/health"); // by whatever keeps watch over the machine
        if (!keyed && !probe && !allowed(asked)) {
            throw Refusal.misdirected(
                    "this server answers for http://127.0.0.1 alone, the request was for another host");
        }
        request.headers().first(HeaderNames.ORIGIN).ifPresent(origin -> {
            if (!origin.equals("http://" + asked)) {
                throw Refusal.foreign("this page does not belong to this server");
            }
        });
        chain.proceed();
    }

    private boolean allowed(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        boolean hasPort = colon > hostAndPort.lastIndexOf(']');
        String name = (hasPort ? hostAndPort.substring(0, colon) : hostAndPort).toLowerCase(Locale.ROOT);
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        return LOOPBACK.contains(name)
                || (everywhere && NUMBER.matcher(name).matches())
                || (!name.isEmpty() && name.equals(host.toLowerCase(Locale.ROOT)));
    }
}
