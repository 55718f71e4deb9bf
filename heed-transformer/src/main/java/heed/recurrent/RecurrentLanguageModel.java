package heed.recurrent;

import heed.kernel.RecurrentCell;
import heed.layer.Embedding;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.pass.Site;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.training.Initializer;
import org.jspecify.annotations.Nullable;

/// A language model that reads a text position by position and keeps all it knows of it in a state of fixed
/// size (Mikolov et al. 2010).
public record RecurrentLanguageModel(Embedding words, RecurrentStack stack, Linear head) {
    /// A model that knows nothing yet.
    ///
    /// @param vocabulary V
    /// @param width of embeddings and hidden states
    public static RecurrentLanguageModel fresh(RecurrentCell cell, int vocabulary, int layers, int width, long seed) {
        Initializer draw = new Initializer(seed);
        Tensor words = draw.uniform(0.1, vocabulary, width);
        RecurrentStack stack = RecurrentStack.fresh(cell, width, width, layers, false, draw);
        double bound = 1 / Math.sqrt(width);
        Linear head =
                new Linear(Weight.learned(draw.uniform(bound, vocabulary, width)), draw.uniform(bound, vocabulary));
        return new RecurrentLanguageModel(new Embedding("token id", words), stack, head);
    }

    /// @param logits the scores of every next token, `[N, V]`
    /// @param last the state after each sequence
    public record Scores(Tensor logits, RecurrentState last) {}

    /// Reads on.
    ///
    /// @param before the state that earlier positions led to; null for none
    public Scores read(int[] ids, Sequences sequences, @Nullable RecurrentState before, Pass pass) {
        RecurrentStack.Run run = states(ids, sequences, before, pass);
        return new Scores(head.apply(run.hidden(), pass), run.last());
    }

    /// As [#read], up to the hidden states that the head scores the next tokens by.
    public RecurrentStack.Run states(int[] ids, Sequences sequences, @Nullable RecurrentState before, Pass pass) {
        Tensor embedded = pass.noise().dropEmbedding(words.apply(ids, pass), pass.compute());
        RecurrentStack.Run run = stack.apply(embedded, sequences, before, pass.at(Site.decoder(-1)));
        return new RecurrentStack.Run(pass.noise().dropResidual(run.hidden(), pass.compute()), run.last());
    }
}
