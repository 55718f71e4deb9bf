package heed.position;

import heed.tensor.Sequences;
import heed.tensor.Tensor;

/// Rotary positions (Su et al. 2021): every pair of columns of a query or key is turned by an angle that grows
/// with its position, so that their dot product depends on the distance alone. Pair `i` of R/2 turns by
/// `position / base^(2i/R)`.
///
/// @param width R, the columns of a head that are turned, from its first; the others are left as they are
/// @param base Θ, 10,000 in the paper
/// @param interleaved whether a pair is two neighbouring columns, as in the paper; otherwise it is a column of
/// the first and one of the second half, as in GPT-NeoX and Llama in Hugging Face's layout
public record Rotary(int width, double base, boolean interleaved, RotaryScaling scaling) {
    public Rotary {
        if (width < 1 || !(base > 0)) {
            throw new IllegalArgumentException("cannot rotate " + width + " columns with a base of " + base);
        }
        scaling.requirePairs((width + 1) / 2);
    }

    /// The angles of all rows, with the precision of Hugging Face: frequencies and angles are floats.
    ///
    /// @param rows the sequences of the rows
    /// @param whole the same with the positions before
    public Rotation of(Sequences rows, Sequences whole) {
        int[] positions = rows.positionsIn(whole);
        int pairs = (width + 1) / 2; // an odd width is rounded up, as Hugging Face does
        Tensor cos = Tensor.zeros(positions.length, pairs);
        Tensor sin = Tensor.zeros(positions.length, pairs);
        double factor = scaling.attentionFactor();
        for (int b = 0, row = 0; b < rows.count(); b++) {
            float[] frequencies = frequencies(whole.length(b));
            for (int t = 0; t < rows.length(b); t++, row++) {
                for (int i = 0; i < pairs; i++) {
                    double angle = positions[row] * frequencies[i];
                    cos.values()[row * pairs + i] = (float) (Math.cos(angle) * factor);
                    sin.values()[row * pairs + i] = (float) (Math.sin(angle) * factor);
                }
            }
        }
        return new Rotation(new Rotation.Angles(cos, sin, interleaved));
    }

    /// Radians per position of every pair in a sequence of `length` positions.
    float[] frequencies(int length) {
        float[] frequencies = new float[(width + 1) / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) (1 / Math.pow(base, 2.0 * i / width));
        }
        scaling.scale(frequencies, this, length);
        return frequencies;
    }
}
