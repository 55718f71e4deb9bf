package heed.server;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Models and jobs: `/api/models`, `/api/jobs`.
final class ModelRoutes implements HttpService {
    /// How often somebody who listens hears something even when nothing changes, so that a dead line is
    /// noticed.
    private static final long HEARTBEAT_MILLISECONDS = 10_000;

    /// Progress comes no more often than a page can show it.
    private static final long PACE_MILLISECONDS = 100;

    private final ModelShelf models;
    private final Jobs jobs;
    private final boolean reviews;

    /// @param reviews whether comments wait for people here, for which the page has a screen
    ModelRoutes(ModelShelf models, Jobs jobs, boolean reviews) {
        this.models = models;
        this.jobs = jobs;
        this.reviews = reviews;
    }

    @Override
    public void routing(HttpRules rules) {
        new Routes(rules)
                .getAndPost("/models", this::list, this::open)
                .getAndDelete("/jobs/{job}", this::job, this::callOff)
                .get("/jobs/{job}/events", this::events);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("default", models.usual());
        view.put("models", models.view());
        if (reviews) {
            view.put("reviews", true);
        }
        response.header("Cache-Control", "no-store");
        Answers.json(request, response, 200, view);
    }

    private void open(ServerRequest request, ServerResponse response) {
        String reference = Body.of(request).text("model").strip();
        if (reference.isEmpty()) {
            throw Refusal.malformed("'model' is empty");
        }
        Answers.json(
                request, response, 202, Map.of("job", models.open(reference).id()));
    }

    private void job(ServerRequest request, ServerResponse response) {
        response.header("Cache-Control", "no-store");
        Answers.json(
                request, response, 200, jobs.get(new Query(request).path("job")).view());
    }

    private void callOff(ServerRequest request, ServerResponse response) {
        Job job = jobs.get(new Query(request).path("job"));
        job.callOff();
        Answers.json(request, response, 200, job.view());
    }

    private void events(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        Job job = jobs.get(new Query(request).path("job"));
        response.header("Content-Type", "text/event-stream");
        response.header("Cache-Control", "no-store");
        if (Answers.asksForHeadersOnly(request)) {
            response.send();
            return;
        }
        try (OutputStream out = response.outputStream()) {
            while (true) {
                int version = job.version();
                boolean running = job.running();
                String event = "data: " + Answers.JSON.writeValueAsString(job.view()) + "\n\n";
                out.write(event.getBytes(StandardCharsets.UTF_8));
                out.flush();
                if (!running) {
                    return;
                }
                Thread.sleep(PACE_MILLISECONDS);
                job.awaitChange(version, HEARTBEAT_MILLISECONDS);
            }
        }
    }
}
