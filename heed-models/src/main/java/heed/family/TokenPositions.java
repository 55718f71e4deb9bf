package heed.family;

import heed.layer.Embedding;
import heed.pass.Pass;
import heed.position.PositionalEncoding;
import heed.tensor.Sequences;
import heed.tensor.Tensor;

/// Where the tokens of a batch stand, and what is added to their embeddings for it.
public sealed interface TokenPositions {
    /// Adds the position of every token of the batch to `x` `[N, D]`, in place.
    ///
    /// @param whole the sequences with the positions before those of the batch
    /// @throws IllegalArgumentException when a sequence is longer than there are positions
    void addTo(Tensor x, TokenBatch batch, Sequences whole, Pass pass);

    /// Every token counts.
    record Counted(PositionalEncoding encoding) implements TokenPositions {
        @Override
        public void addTo(Tensor x, TokenBatch batch, Sequences whole, Pass pass) {
            encoding.addTo(x, batch.sequences(), whole, pass);
        }
    }

    /// Padding tokens do not count: they all have row `padding` of the table, and the others count from
    /// `padding + 1`, as in fairseq, where RoBERTa was trained (Liu et al. 2019).
    ///
    /// @param table `[P, D]`
    record SkippingPadding(Embedding table, int padding) implements TokenPositions {
        @Override
        public void addTo(Tensor x, TokenBatch batch, Sequences whole, Pass pass) {
            int limit = table.table().size(0) - padding - 1;
            if (whole.longest() > limit) {
                throw new IllegalArgumentException(
                        "a sequence has " + whole.longest() + " tokens, the position table has " + limit);
            }
            table.addTo(x, positions(batch, whole), pass);
        }

        private int[] positions(TokenBatch batch, Sequences whole) {
            int[] positions = batch.sequences().positionsIn(whole);
            for (int b = 0; b < batch.sequences().count(); b++) {
                int skipped = 0;
                for (int n = batch.sequences().start(b); n < batch.sequences().end(b); n++) {
                    boolean counts = batch.ids()[n] != padding;
                    skipped += counts ? 0 : 1;
                    positions[n] = counts ? positions[n] - skipped + padding + 1 : padding;
                }
            }
            return positions;
        }
    }

    /// Every token counts.
    static TokenPositions counted(PositionalEncoding encoding) {
        return new Counted(encoding);
    }
}
