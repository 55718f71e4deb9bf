package heed.claims;

import heed.autograd.Tape;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Op;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.training.ParameterTree;
import java.util.IdentityHashMap;
import java.util.List;

/// How many operations of a pass must wait for each other: the longest chain in the graph of what was executed,
/// in which each operation needs the result of the one before. However many processors there are, no pass is
/// faster than its chain.
///
/// A layer of a recurrent network counts a step for every position, because each needs the state that the one
/// before it leaves. Every other operation counts as one, however large: its rows wait for nothing but its
/// inputs.
final class Chain {
    private Chain() {}

    /// The chain of a model that reads one sequence.
    static int of(SequenceModel model, int[] ids, Compute compute) {
        Tape tape = new Tape(ParameterTree.of((Record) model));
        compute.recording(tape, () -> {
            Pass pass = Pass.unwatched(compute);
            return model.head().apply(model.hidden(ids, Sequences.single(ids.length), pass), pass);
        });
        int longest = longest(tape.ops());
        compute.reset();
        return longest;
    }

    /// @param ops in the order in which they were done
    static int longest(List<Op> ops) {
        IdentityHashMap<float[], Integer> depths = new IdentityHashMap<>();
        int longest = 0;
        for (Op op : ops) {
            int before = 0;
            for (Tensor input : op.inputs()) {
                before = Math.max(before, depths.getOrDefault(input.values(), 0));
            }
            int depth = before + steps(op);
            depths.put(op.output().values(), depth);
            longest = Math.max(longest, depth);
        }
        return longest;
    }

    private static int steps(Op op) {
        return op instanceof Op.Recurrent layer ? layer.sequences().longest() : 1;
    }
}
