package heed.server;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;

/// Addresses with the methods that they understand. HEAD is understood wherever GET is (RFC 9110, §9.3.2); a
/// request of another method is told those that would do.
final class Routes {
    private final HttpRules rules;

    Routes(HttpRules rules) {
        this.rules = rules;
    }

    /// Something to look at.
    Routes get(String path, Handler handler) {
        rules.get(path, handler).head(path, handler);
        return refuseOthers(path, "GET, HEAD");
    }

    /// Something to ask for with a body.
    Routes post(String path, Handler handler) {
        rules.post(path, handler);
        return refuseOthers(path, "POST");
    }

    /// Something to look at and to add to.
    Routes getAndPost(String path, Handler reader, Handler writer) {
        rules.get(path, reader).head(path, reader).post(path, writer);
        return refuseOthers(path, "GET, HEAD, POST");
    }

    /// Something to look at that somebody may end.
    Routes getAndDelete(String path, Handler reader, Handler ender) {
        rules.get(path, reader).head(path, reader).delete(path, ender);
        return refuseOthers(path, "GET, HEAD, DELETE");
    }

    private Routes refuseOthers(String path, String methods) {
        rules.any(path, (request, _) -> {
            throw Refusal.otherMethod(request.prologue().method().text(), methods);
        });
        return this;
    }
}
