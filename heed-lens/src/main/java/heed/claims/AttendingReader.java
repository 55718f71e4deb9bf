package heed.claims;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.Mask;
import heed.attention.Scoring;
import heed.kernel.Activation;
import heed.kernel.RecurrentCell;
import heed.layer.Embedding;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.pass.Site;
import heed.recurrent.RecurrentStack;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.training.Initializer;

/// A recurrent network that may look back: each position attends to the states of all positions up to its own,
/// as a decoder attends to its source in Luong et al. 2015, §3.1, with the general score.
///
/// @param general `[H, H]`, between two states whose product is a score
/// @param combine `[H, 2H]`, of what was found and the state itself
public record AttendingReader(Embedding words, RecurrentStack stack, Linear general, Linear combine, Linear head)
        implements SequenceModel {
    /// A network that knows nothing yet.
    ///
    /// @param width of embeddings and of the hidden state
    static AttendingReader fresh(RecurrentCell cell, Reading reading, int layers, int width, long seed) {
        Initializer draw = new Initializer(seed);
        Embedding words = reading.words(width, draw);
        RecurrentStack stack = RecurrentStack.fresh(cell, width, width, layers, false, draw);
        return new AttendingReader(
                words,
                stack,
                Reading.linear(draw, width, width),
                Reading.linear(draw, width, 2 * width),
                Reading.linear(draw, reading.classes(), width));
    }

    @Override
    public Tensor hidden(int[] ids, Sequences sequences, Pass pass) {
        Tensor embedded = words.apply(ids, pass);
        Tensor states = stack.apply(embedded, sequences, null, pass.at(Site.decoder(-1)))
                .hidden(); // [N, H]
        Heads one = Heads.of(1, states.size(1));
        Scoring scoring = Scoring.self(sequences, one).masked(Mask.causal());
        Tensor found = Attention.standard()
                .attend(general.apply(states, pass), states, states, one, scoring, pass.at(Site.cross(0)));
        return combine.apply(pass.compute().joined(found, states), Activation.TANH, pass);
    }
}
