package heed.autograd;

import heed.kernel.AttentionBlock;
import heed.kernel.AttentionGradient;
import heed.kernel.GradientKernels;
import heed.tensor.Compute;
import heed.tensor.Op;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The gradient of attention. A task takes all query heads that share one key head of one sequence, so that no
/// two tasks add to the same gradient; where a table of biases is learned, it takes a head of all sequences.
final class AttentionGradients {
    /// Queries of one call; a bias is written out for as many.
    private static final int QUERIES = 256;

    private final Tape tape;
    private final Compute compute;
    private final GradientKernels loops;

    AttentionGradients(Tape tape, Compute compute) {
        this.tape = tape;
        this.compute = compute;
        this.loops = compute.kernels().gradients();
    }

    void add(Op.Attention op) {
        int sequences = op.queries().count();
        int keyHeads = op.keyHeads()[op.keyHeads().length - 1] + 1;
        Target target = new Target(
                array(op.output()),
                arrayOrUnused(op.query()),
                arrayOrUnused(op.key()),
                arrayOrUnused(op.value()),
                op.bias() != null && tape.needsGradient(op.bias().table())
                        ? array(op.bias().table())
                        : null);
        if (target.bias != null) {
            compute.parallel(keyHeads, keyHead -> {
                for (int sequence = 0; sequence < sequences; sequence++) {
                    addKeyHead(op, target, sequence, keyHead);
                }
            });
        } else {
            compute.parallel(sequences * keyHeads, task -> addKeyHead(op, target, task / keyHeads, task % keyHeads));
        }
    }

    /// The arrays that gradients are read from and added to.
    private record Target(float[] context, float[] query, float[] key, float[] value, float @Nullable [] bias) {}

    private float[] array(Tensor tensor) {
        return tape.gradient(tensor, compute).values();
    }

    /// The kernels compute all three gradients; one that nobody needs goes to a buffer of its own.
    private float[] arrayOrUnused(Tensor tensor) {
        return tape.needsGradient(tensor)
                ? array(tensor)
                : compute.take(tensor.values().length).values();
    }

    private void addKeyHead(Op.Attention op, Target target, int sequence, int keyHead) {
        Sequences queries = op.queries();
        for (int head = 0; head < op.keyHeads().length; head++) {
            if (op.keyHeads()[head] == keyHead) {
                for (int from = 0; from < queries.length(sequence); from += QUERIES) {
                    int count = Math.min(QUERIES, queries.length(sequence) - from);
                    addBlock(op, target, sequence, head, from, count);
                }
            }
        }
    }

    private void addBlock(Op.Attention op, Target target, int sequence, int head, int from, int count) {
        AttentionBlock block = op.blocks().block(sequence, head, from, count);
        float[] scores = target.bias == null ? null : compute.borrowScratch(count * block.keys());
        float[] scratch = compute.borrowScratch(loops.attentionScratch(block.dHead()));
        loops.attend(
                new AttentionGradient(block, target.context, target.query, target.key, target.value, scores), scratch);
        compute.returnScratch(scratch);
        if (scores != null && target.bias != null) {
            addToBias(op, target.bias, scores, head, from, block, op.queries().length(sequence));
            compute.returnScratch(scores);
        }
        if (block.bias() != null) {
            compute.returnScratch(block.bias());
        }
    }

    private static void addToBias(
            Op.Attention op, float[] table, float[] scores, int head, int from, AttentionBlock block, int queries) {
        Op.Attention.Bias bias = op.bias();
        if (bias == null) {
            return;
        }
        for (int i = 0; i < block.queries(); i++) {
            for (int j = 0; j < block.keys(); j++) {
                table[bias.places().place(head, from + i, j, queries, block.keys())] += scores[i * block.keys() + j];
            }
        }
    }
}
