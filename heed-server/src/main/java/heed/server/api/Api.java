package heed.server.api;

import heed.serving.Serving;
import io.helidon.webserver.http.HttpRouting;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// All that programs ask, for a server to route.
///
/// @param key what every request must bring; null for none
/// @param suggestions where suggested scores of comments are kept; null to take none
public record Api(
        Serving serving, @Nullable String key, @Nullable Path suggestions) {
    /// Adds the routes, and the filter that asks for the key.
    ///
    /// @return the addresses, as `POST /embed`
    public SequencedSet<String> addTo(HttpRouting.Builder routing) {
        if (key != null) {
            routing.addFilter(new KeyFilter(key));
        }
        Endpoints endpoints = new Endpoints(routing, serving);
        new StateRoutes(serving).addTo(endpoints);
        InferenceRoutes.addTo(endpoints);
        WritingRoutes.addTo(endpoints);
        new OpenAiRoutes(serving, InstantSource.system()).addTo(endpoints);
        new PerspectiveRoutes(suggestions == null ? null : new Suggestions(suggestions)).addTo(endpoints);
        return endpoints.paths();
    }
}
