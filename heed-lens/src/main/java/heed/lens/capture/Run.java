package heed.lens.capture;

import heed.attention.ScoringRule;
import heed.family.Network;
import heed.model.Model;
import heed.model.Recording;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.task.Candidate;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One text that went through a model, with everything that is needed to look at it again: the attention of
/// every stack, the hidden states, and what the model predicted. Never changes; safe for any number of threads.
public final class Run {
    private static final int CANDIDATES = 5;

    private final String model;
    private final List<RunToken> source;
    private final List<RunToken> target;
    private final List<RunToken> written;
    private final int writtenFrom;
    private final Map<Site.Stack, AttentionStream> streams;
    private final Map<Site, Tensor> hidden;
    private final List<Prediction> predictions;

    private Run(
            Reading reading,
            Map<Site.Stack, AttentionStream> streams,
            Map<Site, Tensor> hidden,
            List<Prediction> predictions) {
        this.model = reading.model().name();
        this.source = reading.source();
        this.target = reading.target();
        this.written = reading.written();
        this.writtenFrom = reading.writtenFrom();
        this.streams = streams;
        this.hidden = hidden;
        this.predictions = List.copyOf(predictions);
    }

    /// Sends a text through a model and keeps what it leaves.
    ///
    /// @throws IllegalArgumentException when the text is empty or too long, or asks for what the model lacks
    public static Run of(Model model, RunInput input) {
        return of(input, Reading.of(model, input));
    }

    /// The tokens of this run once more, those that the model wrote included, with the heads taken out that an
    /// input names.
    ///
    /// @param input what this run was of, but for its heads
    public Run again(Model again, RunInput input) {
        return of(input, Reading.again(again, input, this));
    }

    private static Run of(RunInput input, Reading reading) {
        Network network = reading.network();
        Recording recording = Recording.of(Point.QUERY, Point.KEY, Point.VALUE, Point.LOG_SUM_EXP, Point.HIDDEN);
        List<Prediction> predictions = reading.pass(
                Ablating.of(input.ablation(), network, recording),
                (states, pass) -> predictions(reading, states, pass));
        Map<Site.Stack, AttentionStream> streams = new EnumMap<>(Site.Stack.class);
        Map<Site, Tensor> hidden = new HashMap<>();
        for (StackPlan plan : StackPlan.of(network)) {
            streams.put(plan.stack(), stream(plan, reading, recording));
            for (int layer = -1; layer < plan.rules().size() && plan.stack() != Site.Stack.CROSS; layer++) {
                Site site = new Site(plan.stack(), layer);
                hidden.put(site, recording.at(site, Point.HIDDEN));
            }
        }
        return new Run(reading, streams, hidden, predictions);
    }

    private static AttentionStream stream(StackPlan plan, Reading reading, Recording recording) {
        Sequences read = reading.sourceBatch().sequences();
        Sequences written =
                reading.targetBatch() == null ? read : reading.targetBatch().sequences();
        Sequences queries = plan.stack() == Site.Stack.ENCODER ? read : written;
        Sequences keys = plan.stack() == Site.Stack.DECODER ? written : read;
        List<AttentionStream.Layer> layers = new ArrayList<>();
        for (int i = 0; i < plan.rules().size(); i++) {
            ScoringRule rule = plan.rules().get(i);
            Site site = new Site(plan.stack(), i);
            layers.add(new AttentionStream.Layer(
                    recording.at(site, Point.QUERY),
                    recording.at(site, Point.KEY),
                    recording.at(site, Point.VALUE),
                    recording.at(site, Point.LOG_SUM_EXP, 0),
                    rule.over(queries, keys)));
        }
        return new AttentionStream(
                plan.stack(), plan.heads(), layers, reading.model().kernels());
    }

    private static List<Prediction> predictions(Reading reading, Tensor hidden, Pass pass) {
        int[] places = reading.predicted();
        if (places.length == 0) {
            return List.of();
        }
        Tensor logits = reading.logits(hidden, places, pass);
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            float[] row = logits.part(i).toArray();
            pass.compute().kernels().softmax(row, 0, row.length);
            List<Candidate> best = Candidate.best(reading.model().tokenizer(), row, CANDIDATES);
            predictions.add(new Prediction(places[i], best));
        }
        return predictions;
    }

    /// The model's name.
    public String model() {
        return model;
    }

    /// The tokens that an encoder reads; all tokens of a decoder.
    public List<RunToken> source() {
        return source;
    }

    /// The tokens of the target in a model with encoder and decoder, the one it begins with first; else empty.
    public List<RunToken> target() {
        return target;
    }

    /// What the decoder of such a model writes after each token of the target: the next one, and last the end, or
    /// `…` with id -1 where it was stopped before. Cross-attention is told of these: a position that has read
    /// one token looks for the next.
    public List<RunToken> written() {
        return written;
    }

    /// The first token of the target, or of a decoder's source, that the model wrote by itself; -1 when it
    /// wrote none.
    public int writtenFrom() {
        return writtenFrom;
    }

    /// The stacks that the model has.
    public Map<Site.Stack, AttentionStream> streams() {
        return Map.copyOf(streams);
    }

    /// @throws IllegalArgumentException when the model has no such stack
    public AttentionStream stream(Site.Stack stack) {
        AttentionStream stream = streams.get(stack);
        if (stream == null) {
            throw new IllegalArgumentException("this model has no " + AttentionStream.name(stack));
        }
        return stream;
    }

    /// The tokens that look.
    public List<RunToken> queryTokens(Site.Stack stack) {
        if (stack == Site.Stack.ENCODER || target.isEmpty()) {
            return source;
        }
        return stack == Site.Stack.CROSS ? written : target;
    }

    /// The tokens that are looked at.
    public List<RunToken> keyTokens(Site.Stack stack) {
        return stack == Site.Stack.DECODER && !target.isEmpty() ? target : source;
    }

    /// The hidden states after a layer of a stack, before the first layer for `-1`: `[N, D]`.
    ///
    /// @throws IllegalArgumentException when there is no such layer
    public Tensor hidden(Site site) {
        Tensor states = hidden.get(site);
        if (states == null) {
            throw new IllegalArgumentException("there are no hidden states at " + site);
        }
        return states;
    }

    /// What the model expects at masks, or after each of the last tokens; empty for a model that predicts
    /// nothing.
    public List<Prediction> predictions() {
        return predictions;
    }

    /// The bytes of everything that is kept.
    public long bytes() {
        long bytes = 0;
        for (AttentionStream stream : streams.values()) {
            bytes += stream.bytes();
        }
        for (Tensor states : hidden.values()) {
            bytes += (long) states.shape().elements() * Float.BYTES;
        }
        return bytes + 200L * (source.size() + target.size() + written.size());
    }
}
