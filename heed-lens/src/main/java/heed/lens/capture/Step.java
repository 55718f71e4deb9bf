package heed.lens.capture;

import heed.attention.Scoring;
import heed.family.DecoderNetwork;
import heed.family.EncoderDecoderNetwork;
import heed.family.EncoderNetwork;
import heed.family.RecurrentNetwork;
import heed.layer.Linear;
import heed.model.Model;
import heed.pass.Site;
import heed.stack.DecoderLayer;
import heed.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// One pair of tokens in one head, from their vectors to what the head hands on: every number of equation 1 of
/// Vaswani et al. (2017).
///
/// @param query `[Dh]`, after any rotation
/// @param key `[Dh]`, after any rotation
/// @param scale by which the dot product is multiplied, `1/√Dh` in most models
/// @param bias that is added to the score
/// @param visible whether the mask lets the query see the key
/// @param scores of the query with every key; `-∞` for those that are hidden
/// @param weights of the query over every key
/// @param valueKeys the keys with the greatest weights, greatest first
/// @param values of those keys, each `[Dh]`
/// @param context the sum of all values by their weights, `[Dh]`
/// @param input what the layer got at the query's place, `[D]`
/// @param output what this head alone adds after `W^O`, without its bias, `[D]`
public record Step(
        float[] query,
        float[] key,
        float scale,
        float bias,
        boolean visible,
        float[] scores,
        float[] weights,
        int[] valueKeys,
        float[][] values,
        float[] context,
        float[] input,
        float[] output) {
    private static final int VALUES = 8;

    /// @param i the token that looks
    /// @param j the token that is looked at
    /// @throws IllegalArgumentException when there is no such layer, head or token
    public static Step of(Model model, Run run, Site.Stack stack, int layer, int head, int i, int j) {
        AttentionStream stream = run.stream(stack);
        float[] query = stream.query(layer, head, i);
        float[] key = stream.key(layer, head, j);
        Scoring scoring = stream.scoring(layer);
        float[] weights = stream.row(layer, head, i, Measure.WEIGHT);
        float[] scores = new float[weights.length];
        for (int k = 0; k < scores.length; k++) {
            scores[k] = scoring.score(dot(query, stream.key(layer, head, k)), 0, head, i, k);
        }
        int[] strongest = IntStream.range(0, weights.length)
                .boxed()
                .sorted((a, b) -> Float.compare(weights[b], weights[a]))
                .limit(VALUES)
                .mapToInt(Integer::intValue)
                .toArray();
        float[] context = stream.context(layer, head, i);
        Site.Stack inputs = stack == Site.Stack.CROSS ? Site.Stack.DECODER : stack;
        return new Step(
                query,
                key,
                scoring.scale(),
                scoring.bias().at(0, head, i, j, stream.queries(), stream.keys()),
                scoring.mask().visible(0, i, j, stream.queries(), stream.keys()),
                scores,
                weights,
                strongest,
                IntStream.of(strongest)
                        .mapToObj(k -> stream.value(layer, head, k))
                        .toArray(float[][]::new),
                context,
                run.hidden(new Site(inputs, layer - 1)).part(i).toArray(),
                output(model, stack, layer, head, context));
    }

    private static float dot(float[] a, float[] b) {
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            sum += (double) a[c] * b[c];
        }
        return (float) sum;
    }

    /// `W^O` applied to this head's context with zeros for all others.
    private static float[] output(Model model, Site.Stack stack, int layer, int head, float[] context) {
        Linear wO = outputOf(model, stack, layer);
        return model.run(pass -> {
            int width = wO.weight().in();
            Tensor rows = Tensor.zeros(2, width); // the second row shows the bias
            System.arraycopy(context, 0, rows.values(), head * context.length, context.length);
            Tensor both = wO.apply(rows, pass);
            float[] output = both.part(0).toArray();
            float[] bias = both.part(1).toArray();
            for (int d = 0; d < output.length; d++) {
                output[d] -= bias[d];
            }
            return output;
        });
    }

    private static Linear outputOf(Model model, Site.Stack stack, int layer) {
        return switch (model.network()) {
            case EncoderNetwork reads ->
                reads.encoder().layers().get(layer).attention().wO();
            case DecoderNetwork writes -> of(writes.decoder().layers(), stack, layer);
            case EncoderDecoderNetwork both ->
                stack == Site.Stack.ENCODER
                        ? both.encoder().layers().get(layer).attention().wO()
                        : of(both.decoder().layers(), stack, layer);
            case RecurrentNetwork _ -> throw new IllegalArgumentException(model.name() + " has no heads");
        };
    }

    private static Linear of(List<DecoderLayer> layers, Site.Stack stack, int layer) {
        return stack == Site.Stack.CROSS
                ? Objects.requireNonNull(layers.get(layer).cross(), "cross")
                        .attention()
                        .wO()
                : layers.get(layer).attention().wO();
    }
}
