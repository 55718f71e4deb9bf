package heed.claims;

import heed.autograd.Parameter;
import heed.autograd.Tape;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.training.ParameterTree;
import java.util.List;
import java.util.SplittableRandom;

/// How much a word influences what is known at the end of a text: the norm of the gradient of the last
/// position's hidden state, its numbers weighted at random, with respect to the word's vector.
final class Influence {
    private Influence() {}

    /// The influence of each position of a random text, the last one being the end itself.
    ///
    /// @param vocabulary of the model, at least as many as positions: every word then stands once, and the
    /// gradient of its row in the table is that of its position
    static double[] of(SequenceModel model, int vocabulary, int positions, long seed, Compute compute) {
        int[] ids = new SplittableRandom(seed)
                .ints(0, vocabulary)
                .distinct()
                .limit(positions)
                .toArray();
        return of(model, ids, seed, compute);
    }

    /// The influence of each position of a text.
    ///
    /// @param ids each once
    static double[] of(SequenceModel model, int[] ids, long seed, Compute compute) {
        SplittableRandom random = new SplittableRandom(~seed);
        int positions = ids.length;
        List<Parameter> parameters = ParameterTree.of((Record) model);
        Tape tape = new Tape(parameters);
        Tensor last = compute.recording(
                tape,
                () -> compute.gather(
                        model.hidden(ids, Sequences.single(positions), Pass.unwatched(compute)),
                        new int[] {positions - 1}));
        Tensor weights = Tensor.zeros(1, last.size(1));
        for (int c = 0; c < last.size(1); c++) { // not all alike: behind a norm their sum is constant
            weights.set((float) random.nextDouble(-1, 1), 0, c);
        }
        tape.backward(last, weights, compute);
        Tensor table = parameters.stream()
                .filter(parameter -> parameter.path().equals("words.table"))
                .findFirst()
                .orElseThrow()
                .gradient();
        double[] norms = new double[positions];
        for (int i = 0; i < positions; i++) {
            double squares = 0;
            for (int c = 0; c < table.size(1); c++) {
                squares += (double) table.at(ids[i], c) * table.at(ids[i], c);
            }
            norms[i] = Math.sqrt(squares);
        }
        compute.reset();
        return norms;
    }
}
