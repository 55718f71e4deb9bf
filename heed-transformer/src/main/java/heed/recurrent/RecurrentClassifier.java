package heed.recurrent;

import heed.kernel.RecurrentCell;
import heed.layer.Embedding;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.pass.Site;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.training.Initializer;

/// Reads a text, mostly from both ends, and gives it a class by what it remembers.
///
/// @param pooling what is remembered
/// @param head `[C, D]`
public record RecurrentClassifier(Embedding words, RecurrentStack stack, Pooling pooling, Linear head) {
    /// How a text becomes one row.
    public enum Pooling {
        /// The hidden state after the last position, and beside it the one that the other direction ends with.
        LAST,
        /// The mean of the hidden states of all positions.
        MEAN
    }

    /// @param width of embeddings and of each direction
    public record Sizes(int vocabulary, int classes, int layers, int width) {
        public Sizes {
            if (vocabulary < 1 || classes < 1) {
                throw new IllegalArgumentException("a classifier of " + vocabulary + " tokens into " + classes
                        + " classes cannot be: both must be positive");
            }
        }
    }

    /// A classifier that knows nothing yet.
    public static RecurrentClassifier fresh(
            RecurrentCell cell, boolean bothWays, Pooling pooling, Sizes sizes, long seed) {
        Initializer draw = new Initializer(seed);
        Tensor words = draw.uniform(0.1, sizes.vocabulary(), sizes.width());
        RecurrentStack stack = RecurrentStack.fresh(cell, sizes.width(), sizes.width(), sizes.layers(), bothWays, draw);
        int width = stack.outputWidth();
        double bound = 1 / Math.sqrt(width);
        Linear head = new Linear(
                Weight.learned(draw.uniform(bound, sizes.classes(), width)), draw.uniform(bound, sizes.classes()));
        return new RecurrentClassifier(new Embedding("token id", words), stack, pooling, head);
    }

    /// The scores of the classes of each text: `[N] → [B, C]`.
    ///
    /// @throws IllegalArgumentException when a text is empty
    public Tensor logits(int[] ids, Sequences sequences, Pass pass) {
        return classify(states(ids, sequences, pass), sequences, pass);
    }

    /// The hidden states of the last layer, both directions side by side: `[N] → [N, D]`.
    ///
    /// @throws IllegalArgumentException when a text is empty
    public Tensor states(int[] ids, Sequences sequences, Pass pass) {
        Tensor x = pass.noise().dropEmbedding(words.apply(ids, pass), pass.compute());
        return stack.apply(x, sequences, null, pass.at(Site.encoder(-1))).hidden();
    }

    /// The scores of the classes of each text by its hidden states: `[N, D] → [B, C]`.
    public Tensor classify(Tensor hidden, Sequences sequences, Pass pass) {
        Compute compute = pass.compute();
        Tensor pooled = switch (pooling) {
            case LAST -> last(hidden, sequences, compute);
            case MEAN -> compute.means(hidden, sequences);
        };
        return head.apply(pass.noise().dropResidual(pooled, compute), pass);
    }

    /// The hidden states that the last layer's directions end with, side by side. Where there are two, a row of
    /// them is seen as two rows, one for each.
    private Tensor last(Tensor hidden, Sequences sequences, Compute compute) {
        int directions = stack.layers().getLast().directions();
        int width = hidden.size(1) / directions;
        int[] rows = new int[directions * sequences.count()];
        for (int b = 0; b < sequences.count(); b++) {
            rows[directions * b] = directions * (sequences.end(b) - 1);
            if (directions == 2) {
                rows[2 * b + 1] = 2 * sequences.start(b) + 1;
            }
        }
        Tensor each = compute.gather(hidden.reshape(directions * hidden.size(0), width), rows);
        return each.reshape(sequences.count(), directions * width);
    }
}
