package heed.claims;

import heed.kernel.RecurrentCell;
import heed.layer.Embedding;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.pass.Site;
import heed.recurrent.RecurrentStack;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.training.Initializer;

/// A recurrent network: all that a position knows of those before it is the state that came to it.
public record RecurrentReader(Embedding words, RecurrentStack stack, Linear head) implements SequenceModel {
    /// A network that knows nothing yet.
    ///
    /// @param width of embeddings and of the hidden state
    static RecurrentReader fresh(RecurrentCell cell, Reading reading, int layers, int width, long seed) {
        Initializer draw = new Initializer(seed);
        Embedding words = reading.words(width, draw);
        RecurrentStack stack = RecurrentStack.fresh(cell, width, width, layers, false, draw);
        return new RecurrentReader(words, stack, Reading.linear(draw, reading.classes(), width));
    }

    @Override
    public Tensor hidden(int[] ids, Sequences sequences, Pass pass) {
        Tensor embedded = words.apply(ids, pass);
        return stack.apply(embedded, sequences, null, pass.at(Site.decoder(-1))).hidden();
    }
}
