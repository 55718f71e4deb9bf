package heed.claims;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.MultiHeadAttention;
import heed.attention.Scoring;
import heed.kernel.Activation;
import heed.layer.FeedForward;
import heed.layer.LayerNorm;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.position.PositionalEncoding;
import heed.stack.Encoder;
import heed.stack.EncoderLayer;
import heed.stack.NormPlacement;
import heed.tensor.Sequences;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.training.Initializer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The encoder that reads texts, reading pictures: a picture is cut into patches, each becomes a vector by a
/// linear map, and a picture is the sequence of its patches (Dosovitskiy et al. 2021, §3.1, with the mean in
/// place of a class token).
///
/// @param patches `[D, 4]`, of the pixels of a patch
/// @param positions one for each patch; null where patches are not told where they lie
/// @param head `[C, D]`
public record PatchClassifier(
        Linear patches, PositionalEncoding.@Nullable Learned positions, Encoder stack, Linear head, Heads heads) {
    /// Pixels of a side of a patch.
    private static final int SIDE = 2;

    private static final int IN_A_ROW = Digit.SMALL / SIDE;
    private static final int COUNT = IN_A_ROW * IN_A_ROW;

    /// A classifier that knows nothing yet.
    ///
    /// @param width D
    /// @param placed whether patches are told where they lie
    static PatchClassifier fresh(int classes, int layers, int headCount, int width, boolean placed, long seed) {
        Initializer draw = new Initializer(seed);
        Heads heads = Heads.of(headCount, width);
        var blocks = IntStream.range(0, layers)
                .mapToObj(_ -> new EncoderLayer(
                        new MultiHeadAttention(
                                heads,
                                Reading.linear(draw, width, width),
                                Reading.linear(draw, width, width),
                                Reading.linear(draw, width, width),
                                Reading.linear(draw, width, width),
                                Attention.standard()),
                        norm(width),
                        new FeedForward(
                                Reading.linear(draw, 2 * width, width),
                                Activation.GELU_TANH,
                                Reading.linear(draw, width, 2 * width)),
                        norm(width),
                        NormPlacement.BEFORE))
                .toList();
        return new PatchClassifier(
                Reading.linear(draw, width, SIDE * SIDE),
                placed ? new PositionalEncoding.Learned(draw.normal(0.5, COUNT, width)) : null,
                new Encoder(blocks, norm(width)),
                Reading.linear(draw, classes, width),
                heads);
    }

    private static LayerNorm norm(int width) {
        return new LayerNorm(Initializer.constant(1, width), Tensor.zeros(width), 1e-5f);
    }

    /// The scores of the classes of each picture.
    ///
    /// @param pictures `[8·8]` each, row by row
    /// @return `[B, C]`
    Tensor logits(List<float[]> pictures, Pass pass) {
        int[] lengths = new int[pictures.size()];
        Arrays.fill(lengths, COUNT);
        Sequences sequences = Sequences.ofLengths(lengths);
        Tensor x = patches.apply(cut(pictures), pass); // [B·16, D]
        if (positions != null) {
            positions.addTo(x, sequences, pass);
        }
        Tensor hidden = stack.apply(x, Scoring.self(sequences, heads), pass);
        return head.apply(pass.compute().means(hidden, sequences), pass);
    }

    /// Pictures as their patches, from left to right and from top to bottom: `[B·16, 4]`.
    static Tensor cut(List<float[]> pictures) {
        float[] values = new float[pictures.size() * COUNT * SIDE * SIDE];
        int next = 0;
        for (float[] picture : pictures) {
            for (int patch = 0; patch < COUNT; patch++) {
                int corner = patch / IN_A_ROW * SIDE * Digit.SMALL + patch % IN_A_ROW * SIDE;
                for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                    values[next++] = picture[corner + pixel / SIDE * Digit.SMALL + pixel % SIDE];
                }
            }
        }
        return Tensor.of(Shape.of(pictures.size() * COUNT, SIDE * SIDE), values);
    }
}
