package heed.server;

import heed.lens.capture.Ablation;
import heed.lens.capture.AblationEffect;
import heed.lens.capture.AttentionStream;
import heed.lens.capture.Comparison;
import heed.pass.Site;
import heed.server.api.Fields;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Studies over runs: two of them compared, heads taken out.
final class StudyRoutes implements HttpService {
    /// Tokens of two texts that are aligned.
    private static final int MOST_ALIGNED = 1024;

    private final RunStore runs;
    private final RunRoutes runRoutes;
    private final Jobs jobs;

    StudyRoutes(RunStore runs, RunRoutes runRoutes, Jobs jobs) {
        this.runs = runs;
        this.runRoutes = runRoutes;
        this.jobs = jobs;
    }

    @Override
    public void routing(HttpRules rules) {
        new Routes(rules)
                .post("/compare", this::compare)
                .get("/compare/head", this::difference)
                .post("/ablate", this::ablate)
                .post("/ablate/each", this::ablateEach);
    }

    private void compare(ServerRequest request, ServerResponse response) {
        Fields body = Body.of(request);
        String stream = body.textOrNull("stream");
        Comparison comparison = comparison(body.text("a"), body.text("b"), stream == null ? "enc" : stream);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put(
                "pairs",
                comparison.pairs().stream()
                        .map(pair -> new int[] {pair.a(), pair.b()})
                        .toList());
        view.put("heads", comparison.changes(runs.get(body.text("a")).model().workers()));
        Answers.json(request, response, 200, view);
    }

    private void difference(ServerRequest request, ServerResponse response) {
        Query query = new Query(request);
        String a = query.text("a").orElseThrow(() -> Refusal.malformed("'a' is missing"));
        String b = query.text("b").orElseThrow(() -> Refusal.malformed("'b' is missing"));
        Comparison comparison = comparison(a, b, query.text("stream").orElse("enc"));
        int n = comparison.pairs().size();
        Answers.floats(request, response, comparison.difference(query.number("layer"), query.number("head")), n, n);
    }

    private Comparison comparison(String a, String b, String stream) {
        RunStore.Kept one = runs.get(a);
        RunStore.Kept other = runs.get(b);
        Site.Stack stack = Query.stream(stream);
        try {
            int most = Math.max(
                    one.run().stream(stack).queries(), other.run().stream(stack).queries());
            if (most > MOST_ALIGNED) {
                throw Refusal.impossible("texts of at most " + MOST_ALIGNED + " tokens are compared");
            }
            return Comparison.of(one.run(), other.run(), stack);
        } catch (IllegalArgumentException e) {
            throw Refusal.impossible(String.valueOf(e.getMessage()));
        }
    }

    private void ablate(ServerRequest request, ServerResponse response) throws InterruptedException {
        Fields body = Body.of(request);
        RunStore.Kept kept = runs.get(body.text("run"));
        List<Ablation.HeadPlace> heads = new ArrayList<>(kept.input().ablation().heads());
        heads.addAll(Requests.heads(body, "heads"));
        Ablation ablation = new Ablation(heads, Requests.filling(body));
        RunStore.Kept after = runRoutes.keepAgain(kept, ablation);
        Map<String, Object> view = new LinkedHashMap<>(effect(kept, ablation));
        view.put("run", after.id());
        view.put("before", RunView.predictions(kept.run()));
        view.put("after", RunView.predictions(after.run()));
        Answers.json(request, response, 200, view);
    }

    private static Map<String, Object> effect(RunStore.Kept kept, Ablation ablation) {
        try {
            return RunView.effect(AblationEffect.of(kept.model(), kept.input(), kept.run(), ablation));
        } catch (IllegalArgumentException e) {
            throw Refusal.impossible(String.valueOf(e.getMessage()));
        }
    }

    private void ablateEach(ServerRequest request, ServerResponse response) {
        Fields body = Body.of(request);
        RunStore.Kept kept = runs.get(body.text("run"));
        String name = body.textOrNull("stream");
        Site.Stack stack = Query.stream(name == null ? "enc" : name);
        AttentionStream stream = kept.run().streams().get(stack);
        if (stream == null) {
            throw Refusal.impossible("this model has no " + AttentionStream.name(stack));
        }
        Ablation.Filling filling = Requests.filling(body);
        Job job = jobs.startInSteps("taking out each head", running -> {
            running.begin("taking out each head", (long) stream.layers() * stream.heads());
            List<AblationEffect> effects =
                    AblationEffect.ofEach(kept.model(), kept.input(), kept.run(), stack, filling, _ -> {
                        running.requireWanted();
                        running.advance(1);
                    });
            List<Map<String, Object>> result = new ArrayList<>();
            for (int number = 0; number < effects.size(); number++) {
                Map<String, Object> view = new LinkedHashMap<>();
                view.put("layer", number / stream.heads());
                view.put("head", number % stream.heads());
                view.putAll(RunView.effect(effects.get(number)));
                result.add(view);
            }
            running.succeed(result);
        });
        Answers.json(request, response, 202, Map.of("job", job.id()));
    }
}
