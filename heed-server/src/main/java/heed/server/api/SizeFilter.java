package heed.server.api;

import heed.serving.NotServed.Reason;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/// Turns away requests that say that they are too large, at every address and before any of it is read.
record SizeFilter(int mostBytes) implements Filter {
    private static final int TOO_LARGE = 413;

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (request.headers().contentLength().orElse(0) <= mostBytes) {
            chain.proceed();
            return;
        }
        response.status(TOO_LARGE);
        response.header("Content-Type", "application/json; charset=utf-8");
        response.header("Connection", "close"); // what is still to come is not read
        response.send(
                ApiRequest.JSON.writeValueAsBytes(Dialect.of(request.path().path())
                        .problem(TOO_LARGE, Reason.TOO_LARGE, "the request is larger than " + mostBytes + " bytes")));
    }
}
