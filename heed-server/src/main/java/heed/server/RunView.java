package heed.server;

import heed.lens.HeadProfile;
import heed.lens.capture.AblationEffect;
import heed.lens.capture.AttentionStream;
import heed.lens.capture.HeadMeasures;
import heed.lens.capture.Prediction;
import heed.lens.capture.Run;
import heed.lens.capture.RunToken;
import heed.lens.capture.Step;
import heed.pass.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Runs and what belongs to them, as JSON has them.
final class RunView {
    /// Values of a wide vector that are shown.
    private static final int SHOWN = 16;

    private RunView() {}

    static Map<String, Object> of(RunStore.Kept kept) {
        Run run = kept.run();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("run", kept.id());
        view.put("model", kept.modelName());
        view.put("kind", ModelShelf.kind(kept.model()));
        Map<String, Object> tokens = new LinkedHashMap<>();
        tokens.put("source", tokens(run.source()));
        if (!run.target().isEmpty()) {
            tokens.put("target", tokens(run.target()));
            tokens.put("written", tokens(run.written()));
        }
        view.put("tokens", tokens);
        Map<String, Object> streams = new LinkedHashMap<>();
        run.streams().keySet().stream()
                .sorted()
                .forEach(stack -> streams.put(Query.name(stack), stream(run, run.stream(stack))));
        view.put("streams", streams);
        if (run.writtenFrom() >= 0) {
            view.put("generatedFrom", run.writtenFrom());
        }
        view.put("best", best(kept));
        Map<String, Object> heads = new LinkedHashMap<>();
        kept.measures()
                .forEach((stack, measures) -> heads.put(
                        Query.name(stack), measures.stream().map(RunView::head).toList()));
        view.put("heads", heads);
        Map<String, Object> predictions = predictions(run);
        if (predictions != null) {
            view.put("predictions", predictions);
        }
        view.put("milliseconds", Math.round(10 * kept.milliseconds()) / 10.0);
        return view;
    }

    private static List<Map<String, Object>> tokens(List<RunToken> tokens) {
        List<Map<String, Object>> views = new ArrayList<>();
        for (RunToken token : tokens) {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("text", token.text());
            view.put("piece", token.piece());
            view.put("id", token.id());
            view.put("special", token.special());
            view.put("word", token.word());
            if (token.start() >= 0) {
                view.put("start", token.start());
                view.put("end", token.end());
            }
            views.add(view);
        }
        return views;
    }

    private static Map<String, Object> stream(Run run, AttentionStream stream) {
        boolean ofTarget = stream.stack() == Site.Stack.DECODER && !run.target().isEmpty();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("layers", stream.layers());
        view.put("heads", stream.heads());
        view.put("queries", stream.stack() == Site.Stack.CROSS ? "written" : ofTarget ? "target" : "source");
        view.put("keys", ofTarget ? "target" : "source");
        view.put("causal", stream.causal());
        return view;
    }

    /// The head to look at first: in the cross-attention where there is any, for that is what such a model is
    /// about.
    private static Map<String, Object> best(RunStore.Kept kept) {
        Site.Stack stack =
                kept.measures().keySet().stream().max(Comparator.naturalOrder()).orElseThrow();
        HeadProfile best = HeadMeasures.best(kept.measures().getOrDefault(stack, List.of()));
        return Map.of("stream", Query.name(stack), "layer", best.layer(), "head", best.head());
    }

    static Map<String, Object> head(HeadMeasures measures) {
        HeadProfile profile = measures.profile();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("layer", profile.layer());
        view.put("head", profile.head());
        view.put("special", rounded(profile.special()));
        view.put("itself", rounded(profile.itself()));
        view.put("previous", rounded(profile.previous()));
        view.put("next", rounded(profile.next()));
        view.put("others", rounded(profile.others()));
        view.put("linking", rounded(profile.linking()));
        view.put("entropy", rounded(measures.entropy()));
        view.put("distance", rounded(measures.distance()));
        return view;
    }

    private static double rounded(double value) {
        return Math.round(1e6 * value) / 1e6;
    }

    static @Nullable Map<String, Object> predictions(Run run) {
        if (run.predictions().isEmpty()) {
            return null;
        }
        boolean next = run.streams().containsKey(Site.Stack.DECODER);
        boolean ofTarget = next && !run.target().isEmpty();
        List<Map<String, Object>> at = new ArrayList<>();
        for (Prediction prediction : run.predictions()) {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("token", prediction.token());
            view.put("of", ofTarget ? "target" : "source");
            view.put(
                    "candidates",
                    prediction.candidates().stream()
                            .map(candidate -> Map.of(
                                    "text",
                                    candidate.token(),
                                    "id",
                                    candidate.id(),
                                    "probability",
                                    candidate.probability()))
                            .toList());
            at.add(view);
        }
        return Map.of("kind", next ? "next" : "fill", "at", at);
    }

    static Map<String, Object> effect(AblationEffect effect) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("kl", orNull(effect.kl()));
        view.put("deltaLogProbability", orNull(effect.deltaLogProbability()));
        view.put("cosine", orNull(effect.cosine()));
        return view;
    }

    private static @Nullable Double orNull(double value) {
        return Double.isFinite(value) ? value : null;
    }

    static Map<String, Object> step(Step step, int i, int j) {
        double[] products = new double[step.query().length];
        double dot = 0;
        for (int c = 0; c < products.length; c++) {
            products[c] = (double) step.query()[c] * step.key()[c];
            dot += products[c];
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("i", i);
        view.put("j", j);
        view.put("query", step.query());
        view.put("key", step.key());
        view.put("products", products);
        view.put("dot", dot);
        view.put("scale", step.scale());
        view.put("scaled", dot * step.scale());
        view.put("bias", step.bias());
        view.put("visible", step.visible());
        view.put("score", orNull(step.scores()[j]));
        view.put("row", row(step));
        view.put("valueKeys", step.valueKeys());
        view.put("values", step.values());
        view.put("context", step.context());
        view.put("x", Arrays.copyOf(step.input(), Math.min(SHOWN, step.input().length)));
        view.put("output", Arrays.copyOf(step.output(), Math.min(SHOWN, step.output().length)));
        view.put("width", step.input().length);
        view.put("dHead", step.query().length);
        return view;
    }

    private static Map<String, Object> row(Step step) {
        double max = Double.NEGATIVE_INFINITY;
        for (float score : step.scores()) {
            max = Math.max(max, score);
        }
        double[] numerators = new double[step.scores().length];
        double denominator = 0;
        for (int k = 0; k < numerators.length; k++) {
            boolean visible = step.scores()[k] != Float.NEGATIVE_INFINITY;
            numerators[k] = visible ? Math.exp(step.scores()[k] - max) : 0;
            denominator += numerators[k];
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(
                "scores",
                IntStream.range(0, numerators.length)
                        .mapToObj(k -> orNull(step.scores()[k]))
                        .toList());
        row.put("max", orNull(max));
        row.put("numerators", numerators);
        row.put("denominator", denominator);
        row.put("weights", step.weights());
        return row;
    }
}
