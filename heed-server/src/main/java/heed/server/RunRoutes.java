package heed.server;

import heed.kernel.WorkerPool;
import heed.lens.capture.Ablation;
import heed.lens.capture.AttentionStream;
import heed.lens.capture.Edges;
import heed.lens.capture.HeadMeasures;
import heed.lens.capture.Measure;
import heed.lens.capture.Rollout;
import heed.lens.capture.Run;
import heed.lens.capture.RunInput;
import heed.lens.capture.Step;
import heed.lens.capture.Tile;
import heed.model.Model;
import heed.pass.Site;
import heed.server.api.Fields;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// Runs, and everything that can be seen of one: `/api/runs`.
final class RunRoutes implements HttpService {
    /// Cells on each side of a thumbnail that may be asked for.
    private static final int MOST_CELLS = 256;

    /// Tokens on each side up to which a head is sent whole.
    private static final int MOST_WHOLE = 1024;

    private static final int MOST_EDGES = 20_000;

    private final ModelShelf models;
    private final RunStore runs;

    /// Texts that go through a model at once: each uses all cores, more would only share them.
    private final Semaphore passes = new Semaphore(2, true);

    RunRoutes(ModelShelf models, RunStore runs) {
        this.models = models;
        this.runs = runs;
    }

    @Override
    public void routing(HttpRules rules) {
        new Routes(rules)
                .post("/", this::create)
                .get("/{run}", this::show)
                .get("/{run}/step", this::step)
                .get("/{run}/export", this::export)
                .get("/{run}/{stream}/thumbs", this::thumbs)
                .get("/{run}/{stream}/row", this::row)
                .get("/{run}/{stream}/head", this::head)
                .get("/{run}/{stream}/tile", this::tile)
                .get("/{run}/{stream}/edges", this::edges)
                .get("/{run}/{stream}/rollout", this::rollout);
    }

    private void create(ServerRequest request, ServerResponse response) throws InterruptedException {
        Fields body = Body.of(request);
        RunInput input = Requests.input(body);
        String reference = body.textOrNull("model");
        Model model = models.require(reference);
        Answers.json(
                request, response, 201, RunView.of(keep(reference == null ? models.usual() : reference, model, input)));
    }

    /// The run of an input, done now unless it is kept.
    RunStore.Kept keep(String modelName, Model model, RunInput input) throws InterruptedException {
        return keep(runs.idOf(modelName, input.toString()), modelName, model, input, () -> Run.of(model, input));
    }

    /// A kept run once more without some heads: what the model wrote stays, or nothing could be compared.
    RunStore.Kept keepAgain(RunStore.Kept kept, Ablation ablation) throws InterruptedException {
        RunInput input = kept.input().without(ablation);
        String id = runs.idOf(kept.modelName(), kept.id() + " again, " + ablation);
        return keep(id, kept.modelName(), kept.model(), input, () -> kept.run().again(kept.model(), input));
    }

    private RunStore.Kept keep(String id, String modelName, Model model, RunInput input, Supplier<Run> work)
            throws InterruptedException {
        Optional<RunStore.Kept> before = runs.find(id);
        if (before.isPresent()) {
            return before.get();
        }
        passes.acquire();
        try {
            long start = System.nanoTime();
            Run run = work.get();
            double milliseconds = (System.nanoTime() - start) / 1e6;
            Map<Site.Stack, List<HeadMeasures>> measures = new EnumMap<>(Site.Stack.class);
            for (Site.Stack stack : run.streams().keySet()) {
                measures.put(stack, HeadMeasures.of(run, stack, model.workers()));
            }
            RunStore.Kept kept = new RunStore.Kept(id, modelName, model, input, run, measures, milliseconds);
            runs.put(kept);
            return kept;
        } catch (IllegalArgumentException e) {
            throw Refusal.impossible(String.valueOf(e.getMessage()));
        } finally {
            passes.release();
        }
    }

    private void show(ServerRequest request, ServerResponse response) {
        RunStore.Kept kept = runs.get(new Query(request).path("run"));
        if (!Answers.unchanged(request, response, kept.id())) {
            Answers.json(request, response, 200, RunView.of(kept));
        }
    }

    /// What is asked of a stream, once it is known to be new to the asker.
    private interface StreamAnswer {
        void send(RunStore.Kept kept, AttentionStream stream, Query query);
    }

    private void ofStream(ServerRequest request, ServerResponse response, StreamAnswer answer) {
        Query query = new Query(request);
        RunStore.Kept kept = runs.get(query.path("run"));
        Site.Stack stack = query.stream();
        AttentionStream stream = kept.run().streams().get(stack);
        if (stream == null) {
            throw Refusal.impossible("this model has no " + AttentionStream.name(stack));
        }
        if (!Answers.unchanged(request, response, kept.id())) {
            answer.send(kept, stream, query);
        }
    }

    private void thumbs(ServerRequest request, ServerResponse response) {
        ofStream(request, response, (kept, stream, query) -> {
            int size = query.number("size", 64);
            if (size < 1 || size > MOST_CELLS) {
                throw Refusal.malformed("'size' is 1 to " + MOST_CELLS + ", not " + size);
            }
            int height = Math.min(size, stream.queries());
            int width = Math.min(size, stream.keys());
            WorkerPool workers = kept.model().workers();
            float[] pictures = stream.greatest(height, width, workers);
            Answers.shares(request, response, pictures, stream.layers(), stream.heads(), height, width);
        });
    }

    /// One token in all heads, or in the one that is named.
    private void row(ServerRequest request, ServerResponse response) {
        ofStream(request, response, (kept, stream, query) -> {
            int token = query.number("token");
            Measure measure = query.measure();
            boolean out = switch (query.text("dir").orElse("out")) {
                case "out" -> true;
                case "in" -> false;
                default -> throw Refusal.malformed("'dir' is out or in");
            };
            int columns = out ? stream.keys() : stream.queries();
            boolean one = query.text("layer").isPresent() || query.text("head").isPresent();
            int layers = one ? 1 : stream.layers();
            int heads = one ? 1 : stream.heads();
            int firstLayer = one ? query.number("layer") : 0;
            int firstHead = one ? query.number("head") : 0;
            float[] rows = new float[layers * heads * columns];
            kept.model().workers().run(layers * heads, number -> {
                int layer = firstLayer + number / heads;
                int head = firstHead + number % heads;
                float[] row =
                        out ? stream.row(layer, head, token, measure) : stream.column(layer, head, token, measure);
                System.arraycopy(row, 0, rows, number * columns, columns);
            });
            Answers.numbers(request, response, rows, layers, heads, columns);
        });
    }

    private void head(ServerRequest request, ServerResponse response) {
        ofStream(request, response, (_, stream, query) -> {
            requireWhole(stream);
            float[] weights = stream.weights(
                    query.number("layer"),
                    query.number("head"),
                    0,
                    stream.queries(),
                    0,
                    stream.keys(),
                    query.measure());
            Answers.numbers(request, response, weights, stream.queries(), stream.keys());
        });
    }

    private static void requireWhole(AttentionStream stream) {
        if (stream.queries() > MOST_WHOLE || stream.keys() > MOST_WHOLE) {
            throw Refusal.impossible("a head of more than " + MOST_WHOLE + " tokens is shown in tiles");
        }
    }

    private void tile(ServerRequest request, ServerResponse response) {
        ofStream(request, response, (_, stream, query) -> {
            Tile tile = Tile.of(
                    stream,
                    query.number("layer"),
                    query.number("head"),
                    query.measure(),
                    query.number("level", 0),
                    query.number("y"),
                    query.number("x"));
            Answers.numbers(request, response, tile.values(), tile.rows(), tile.columns());
        });
    }

    private void edges(ServerRequest request, ServerResponse response) {
        ofStream(request, response, (_, stream, query) -> {
            int limit = query.number("limit", 2000);
            if (limit > MOST_EDGES) {
                throw Refusal.malformed("'limit' is at most " + MOST_EDGES + ", not " + limit);
            }
            Edges edges = Edges.of(
                    stream,
                    query.number("layer"),
                    query.number("head"),
                    query.measure(),
                    query.decimal("mass", 0.9),
                    limit);
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("from", edges.links().stream().map(Edges.Link::from).toList());
            view.put("to", edges.links().stream().map(Edges.Link::to).toList());
            List<Float> weights = new ArrayList<>();
            edges.links().forEach(link -> weights.add(link.weight()));
            view.put("weight", weights);
            view.put("shown", edges.shown());
            Answers.json(request, response, 200, view);
        });
    }

    private void rollout(ServerRequest request, ServerResponse response) {
        ofStream(request, response, (kept, stream, query) -> {
            int layer = query.number("layer", stream.layers() - 1);
            float[] rollout = Rollout.of(stream, layer, kept.model()).toArray();
            Answers.numbers(request, response, rollout, stream.queries(), stream.keys());
        });
    }

    private void step(ServerRequest request, ServerResponse response) {
        Query query = new Query(request);
        RunStore.Kept kept = runs.get(query.path("run"));
        Site.Stack stack = Query.stream(query.text("stream").orElse("enc"));
        int i = query.number("i");
        int j = query.number("j");
        if (!Answers.unchanged(request, response, kept.id())) {
            Step step = Step.of(kept.model(), kept.run(), stack, query.number("layer"), query.number("head"), i, j);
            Answers.json(request, response, 200, RunView.step(step, i, j));
        }
    }

    private void export(ServerRequest request, ServerResponse response) {
        Query query = new Query(request);
        RunStore.Kept kept = runs.get(query.path("run"));
        Site.Stack stack = Query.stream(query.text("stream").orElse("enc"));
        AttentionStream stream = kept.run().stream(stack);
        if (!query.text("view").orElse("matrix").equals("heads")) {
            requireWhole(stream);
        }
        Export.send(request, response, kept, stream, query);
    }
}
