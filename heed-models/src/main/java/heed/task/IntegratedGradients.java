package heed.task;

import heed.autograd.Parameter;
import heed.autograd.Tape;
import heed.family.CausalNetwork;
import heed.family.EncoderNetwork;
import heed.family.Head;
import heed.family.Network;
import heed.family.TokenBatch;
import heed.layer.Linear;
import heed.model.Model;
import heed.model.Outputs;
import heed.model.Recording;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.text.Encoding;
import heed.text.SpecialToken;
import heed.training.ParameterTree;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/// What each token of a text adds to the score of a class, by integrated gradients (Sundararajan, Taly and Yan
/// 2017, equation 1): along the straight line from a text that says nothing to this one, the slope of the score
/// in the direction of each token's embedding. The parts sum to what the score has more than that of the text
/// that says nothing ("completeness", proposition 1), to a thousandth of it or of a logit: the integral is
/// taken over as many points as that needs, up to 160.
///
/// A text that says nothing has `[MASK]` in place of every token that is no special one; where a model has no
/// such token, that of padding, of what is unknown, or of the end. (Zeros would not do: behind a norm all of
/// the change then happens next to them.) A score is a class's logit; where classes exclude each other, `log(p
/// / (1 − p))`. Holds a copy of the model's matrices that gradients flow through, as large as those. Safe for
/// any number of threads.
public final class IntegratedGradients {
    /// Points of Gauss–Legendre rules, the next where the parts of one do not sum to the score. The first is
    /// exact for polynomials of degree 39.
    private static final int[] POINTS = {20, 40, 80, 160};

    /// How near the sum of the parts must come, as a share of what it should be, or in logits.
    private static final double CLOSE = 1e-3;

    /// Tokens that are computed together while all that they pass through is kept.
    private static final int TOGETHER = 1024;

    private static final List<SpecialToken> NOTHING =
            List.of(SpecialToken.MASK, SpecialToken.PADDING, SpecialToken.UNKNOWN, SpecialToken.END);

    private final Model model;
    private final int nothing;
    private final Network network;
    private final Site embeddings;

    /// @throws IllegalArgumentException when the model does not classify texts, or is no encoder and no decoder
    /// by itself
    public IntegratedGradients(Model model) {
        this(model, nothing(model));
    }

    private static int nothing(Model model) {
        return NOTHING.stream()
                .map(model.tokenizer()::specialId)
                .filter(OptionalInt::isPresent)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(model.name()
                        + " has no token that says nothing: none for masks, padding, what is unknown, or the end"))
                .getAsInt();
    }

    /// @param nothing a token that says nothing
    IntegratedGradients(Model model, int nothing) {
        if (!(model.network().head() instanceof Head.OfSequence)
                || !(model.network() instanceof EncoderNetwork || model.network() instanceof CausalNetwork)) {
            throw new IllegalArgumentException(
                    model.name() + " is a " + model.config().architecture()
                            + "; integrated gradients are for Transformers of one stack that classify texts");
        }
        this.model = model;
        this.nothing = nothing;
        this.network = (Network) ParameterTree.withMaps(
                (Record) model.network(),
                (_, map) -> new Linear(Weight.learned(map.weight().toTensor()), map.bias(), map.update()));
        this.embeddings = new Site(network.reader(), -1);
    }

    /// @param parts of each token, `[T]`; 0 for special tokens
    /// @param score of the text
    /// @param baseline the score of the text that says nothing
    @SuppressWarnings("ArrayRecordComponent")
    public record Attribution(double[] parts, double score, double baseline) {}

    /// @param label the number of the class
    public Attribution of(Encoding encoding, int label) {
        int tokens = encoding.length();
        Tensor text = embedded(encoding.ids(), encoding);
        Tensor silence = sayingNothing(encoding);
        int together = Math.max(1, TOGETHER / tokens);
        float[][] ends = ends(encoding, text, silence);
        double score = score(ends[1], label);
        double baseline = score(ends[0], label);
        double[] parts = new double[tokens];
        for (int points : POINTS) {
            Line line = new Line(encoding, label, text, silence, Quadrature.gaussLegendre(points));
            Arrays.fill(parts, 0);
            for (int from = 0; from < points; from += together) {
                addParts(parts, line, from, Math.min(points, from + together));
            }
            double off = Math.abs(Arrays.stream(parts).sum() - (score - baseline));
            if (off <= CLOSE * Math.max(1, Math.abs(score - baseline))) {
                break;
            }
        }
        return new Attribution(parts, score, baseline);
    }

    /// The way from a text that says nothing to one that does.
    ///
    /// @param text `[T, D]`
    /// @param silence `[T, D]`
    private record Line(Encoding encoding, int label, Tensor text, Tensor silence, Quadrature rule) {
        /// Some of its points, below each other: `[points · T, D]`.
        Tensor points(int from, int to) {
            int tokens = text.size(0);
            int width = text.size(1);
            float[] values = new float[(to - from) * tokens * width];
            int at = 0;
            for (int point = from; point < to; point++) {
                double share = rule.at()[point];
                for (int t = 0; t < tokens; t++) {
                    for (int d = 0; d < width; d++) {
                        values[at++] = (float) ((1 - share) * silence.at(t, d) + share * text.at(t, d));
                    }
                }
            }
            return Tensor.of(Shape.of((to - from) * tokens, width), values);
        }
    }

    /// What the layers read of some tokens: `[T, D]`.
    private Tensor embedded(int[] ids, Encoding frame) {
        Recording recording = Recording.of(Point.HIDDEN);
        TokenBatch batch = TokenBatch.of(List.of(ids), List.of(frame.typeIds()));
        model.run(recording, pass -> network.encode(batch, pass).size(0));
        return recording.at(embeddings, Point.HIDDEN);
    }

    /// Positions and special tokens are those of the text.
    private Tensor sayingNothing(Encoding encoding) {
        int[] ids = encoding.ids().clone();
        for (int t = 0; t < ids.length; t++) {
            ids[t] = encoding.special()[t] == 1 ? ids[t] : nothing;
        }
        return embedded(ids, encoding);
    }

    /// Goes through some points of the line at once, each a sequence of its own.
    private void addParts(double[] parts, Line line, int from, int to) {
        Parameter points = Parameter.of("points", line.points(from, to));
        Tape tape = new Tape(List.of(points));
        TokenBatch batch = copies(line.encoding, to - from);
        model.run(instead(points.value()), pass -> {
            Tensor logits = pass.compute().recording(tape, () -> logits(batch, pass));
            tape.backward(logits, slopes(logits, line, from), pass.compute());
            return to - from;
        });
        Tensor gradient = points.gradient();
        for (int row = 0; row < gradient.size(0); row++) {
            int t = row % parts.length;
            double sum = 0;
            for (int d = 0; d < gradient.size(1); d++) {
                sum += (double) gradient.at(row, d) * (line.text.at(t, d) - line.silence.at(t, d));
            }
            parts[t] += sum;
        }
    }

    private static TokenBatch copies(Encoding encoding, int count) {
        return TokenBatch.of(
                Collections.nCopies(count, encoding.ids()), Collections.nCopies(count, encoding.typeIds()));
    }

    /// Lets the layers read something else than the embeddings of the tokens.
    private Watch instead(Tensor values) {
        return new Watch() {
            @Override
            public boolean wants(Site site, Point point) {
                return point == Point.HIDDEN && site.equals(embeddings);
            }

            @Override
            public Tensor see(Site site, Point point, int sequence, Tensor value) {
                return values;
            }
        };
    }

    private Tensor logits(TokenBatch batch, Pass pass) {
        return Outputs.classLogits(network, network.represent(batch, pass), batch, pass);
    }

    /// How the score of each point changes with its logits, times the point's weight: `[points, C]`.
    private Tensor slopes(Tensor logits, Line line, int from) {
        Tensor slopes = Tensor.zeros(logits.size(0), logits.size(1));
        for (int row = 0; row < logits.size(0); row++) {
            double weight = line.rule.weights()[from + row];
            double[] shares = othersShares(logits.part(row).toArray(), line.label);
            for (int c = 0; c < shares.length; c++) {
                slopes.set((float) (c == line.label ? weight : -weight * shares[c]), row, c);
            }
        }
        return slopes;
    }

    /// Softmax over all classes but one; zeros where each class stands for itself.
    private double[] othersShares(float[] logits, int label) {
        double[] shares = new double[logits.length];
        if (standForThemselves(logits)) {
            return shares;
        }
        double logSum = logSumOfOthers(logits, label);
        for (int c = 0; c < shares.length; c++) {
            shares[c] = c == label ? 0 : Math.exp(logits[c] - logSum);
        }
        return shares;
    }

    private boolean standForThemselves(float[] logits) {
        return logits.length == 1 || model.config().multiLabel();
    }

    private static double logSumOfOthers(float[] logits, int label) {
        double most = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < logits.length; c++) {
            most = c == label ? most : Math.max(most, logits[c]);
        }
        double sum = 0;
        for (int c = 0; c < logits.length; c++) {
            sum += c == label ? 0 : Math.exp(logits[c] - most);
        }
        return most + Math.log(sum);
    }

    private double score(float[] logits, int label) {
        return standForThemselves(logits) ? logits[label] : logits[label] - logSumOfOthers(logits, label);
    }

    /// The logits of the text that says nothing and of the text.
    private float[][] ends(Encoding encoding, Tensor text, Tensor silence) {
        int rows = text.size(0);
        float[] both = new float[2 * rows * text.size(1)];
        System.arraycopy(silence.toArray(), 0, both, 0, both.length / 2);
        System.arraycopy(text.toArray(), 0, both, both.length / 2, both.length / 2);
        Tensor values = Tensor.of(Shape.of(2 * rows, text.size(1)), both);
        return model.run(instead(values), pass -> {
            Tensor logits = logits(copies(encoding, 2), pass);
            return new float[][] {logits.part(0).toArray(), logits.part(1).toArray()};
        });
    }
}
