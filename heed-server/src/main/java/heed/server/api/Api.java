package heed.server.api;

import heed.serving.Serving;
import io.helidon.webserver.http.HttpRouting;
import java.time.InstantSource;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// All that programs ask, for a server to route.
///
/// @param key what every request must bring; null for none
/// @param judge what comments are judged by
public record Api(Serving serving, @Nullable String key, Judge judge) {
    /// Adds the routes, and the filters that ask for the key and turn away what is too large.
    ///
    /// @return the addresses, as `POST /embed`
    public SequencedSet<String> addTo(HttpRouting.Builder routing) {
        routing.addFilter(new SizeFilter(serving.settings().maxBodyBytes()));
        if (key != null) {
            routing.addFilter(new KeyFilter(key));
        }
        Endpoints endpoints = new Endpoints(routing, serving);
        new StateRoutes(serving).addTo(endpoints);
        InferenceRoutes.addTo(endpoints);
        WritingRoutes.addTo(endpoints);
        new OpenAiRoutes(serving, judge, InstantSource.system()).addTo(endpoints);
        new PerspectiveRoutes(judge).addTo(endpoints);
        new ModerationRoutes(judge).addTo(endpoints);
        new ReviewRoutes(judge, serving).addTo(endpoints);
        return endpoints.paths();
    }
}
