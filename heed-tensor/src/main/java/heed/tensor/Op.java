package heed.tensor;

import heed.kernel.Activation;
import heed.kernel.AttentionBlock;
import heed.kernel.Dropout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something that [Compute] did and whose gradient is known: what went in, what came out, and what the way back
/// needs besides. The set is small and closed; an op is as coarse as its gradient allows, so that little must
/// be kept between the ways there and back.
public sealed interface Op {
    /// What the op wrote.
    Tensor output();

    /// The tensors that a gradient flows to.
    List<Tensor> inputs();

    /// Whether the op changed a tensor that was there before, so that its output's array is an input's.
    default boolean inPlace() {
        return false;
    }

    /// `activation(x Wᵀ + bias)`
    ///
    /// @param weight `[out, in]`
    /// @param sums `x Wᵀ + bias`, before the activation
    record Linear(Tensor x, Tensor weight, @Nullable Tensor bias, Activation activation, Tensor sums, Tensor output)
            implements Op {
        @Override
        public List<Tensor> inputs() {
            return present(x, weight, bias);
        }
    }

    /// Layer normalisation of every row.
    record LayerNorm(Tensor x, Tensor gain, Tensor bias, float eps, Tensor output) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x, gain, bias);
        }
    }

    /// Root mean square normalisation of every row.
    record RmsNorm(Tensor x, Tensor gain, float eps, Tensor output) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x, gain);
        }
    }

    /// `x ⊙ y`
    record Times(Tensor x, Tensor y, Tensor output) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x, y);
        }
    }

    /// `x · factor`
    record Scaled(Tensor x, float factor, Tensor output) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }
    }

    /// `activation(x)`, where it could not be a part of the map before it.
    record Activated(Tensor x, Activation activation, Tensor output) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }
    }

    /// Columns turned in the plane, pair by pair, by angles that are no parameters.
    record Rotated(Tensor x, int dHead, Tensor cos, Tensor sin, boolean interleaved, Tensor output) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }
    }

    /// Row `ids[n]` of a table as row `n`.
    record LookUp(Tensor table, int[] ids, Tensor output) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(table);
        }
    }

    /// Row `ids[n]` of a table added to row `n` of `output`, in place.
    record AddLookUp(Tensor table, int[] ids, Tensor output) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(table, output);
        }

        @Override
        public boolean inPlace() {
            return true;
        }
    }

    /// `x + y`
    record Sum(Tensor x, Tensor y, Tensor output) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x, y);
        }
    }

    /// Attention of all heads over all sequences. Its weights are not kept: the way back computes them again
    /// from queries, keys and the row log-sum-exp.
    ///
    /// @param query `[Nq, H·Dh]`
    /// @param key `[Nk, Hkv·Dh]`
    /// @param value `[Nk, Hkv·Dh]`
    /// @param keyHeads the key head that each query head looks at, ascending
    /// @param blocks the forward computation, with the row log-sum-exp
    record Attention(
            Tensor query,
            Tensor key,
            Tensor value,
            Sequences queries,
            int[] keyHeads,
            Blocks blocks,
            @Nullable Bias bias,
            Tensor output)
            implements Op {
        @Override
        public List<Tensor> inputs() {
            return present(query, key, value, bias == null ? null : bias.table());
        }

        /// The forward computation in blocks of queries.
        @FunctionalInterface
        public interface Blocks {
            /// Some queries of one head of one sequence, with the context and the row log-sum-exp that came
            /// out. Its bias, if there is any, is scratch that the caller returns.
            AttentionBlock block(int sequence, int head, int firstQuery, int queries);
        }

        /// Scores to which a learned table was added.
        ///
        /// @param table what the biases were looked up in
        /// @param places where
        public record Bias(Tensor table, Places places) {
            /// Finds the bias of a pair.
            @FunctionalInterface
            public interface Places {
                /// The place in the table's array of what was added to the score of query `i` and key `j`.
                int place(int head, int i, int j, int queries, int keys);
            }
        }
    }

    /// The mean over rows of `log Σ exp(logits) - Σ q logits`, with `q` the smoothed distribution of the
    /// target.
    ///
    /// @param logits `[N, V]`
    /// @param logSumExp `[N]`
    /// @param output `[1]`
    record CrossEntropy(Tensor logits, Targets targets, Tensor logSumExp, Tensor output) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(logits);
        }
    }

    /// A layer of a recurrent network over all sequences, its inputs' products with it.
    ///
    /// @param groups the sequences as they were shared out
    /// @param start the first state if it was given
    /// @param from `[S·B, H]`, the first state
    /// @param gates `[N, G·H]`, the activated gates; of a cell without gates what its activation was applied to
    /// @param candidates `[N, H]`, what the reset gate of a GRU multiplied; null for others
    /// @param output `[S·N, H]`
    record Recurrent(
            Tensor x,
            Recurrence recurrence,
            Sequences sequences,
            List<TimeSteps> groups,
            @Nullable Tensor start,
            Tensor from,
            Tensor gates,
            @Nullable Tensor candidates,
            Tensor output)
            implements Op {
        @Override
        public List<Tensor> inputs() {
            return present(
                    x,
                    recurrence.input().matrix(),
                    recurrence.hidden().matrix(),
                    recurrence.inputBias(),
                    recurrence.hiddenBias(),
                    start);
        }
    }

    /// Softmax over the keys of each query's additive scores.
    ///
    /// @param query `[Nq, A]`
    /// @param key `[Nk, A]`
    /// @param score `[A]`
    /// @param output `[P, 1]`
    record AdditiveWeights(Tensor query, Tensor key, Tensor score, Pairs pairs, Tensor output) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(query, key, score);
        }
    }

    /// For each query the sum of the values, weighted.
    ///
    /// @param weights `[P, 1]`
    /// @param value `[Nk, D]`
    /// @param output `[Nq, D]`
    record WeightedSums(Tensor weights, Tensor value, Pairs pairs, Tensor output) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(weights, value);
        }
    }

    /// Matrices one below the other.
    record Stacked(List<Tensor> inputs, Tensor output) implements Op {
        public Stacked {
            inputs = List.copyOf(inputs);
        }
    }

    /// Matrices side by side.
    record Joined(List<Tensor> inputs, Tensor output) implements Op {
        public Joined {
            inputs = List.copyOf(inputs);
        }
    }

    /// The cross-entropy of classes of which a row may have several, each by itself.
    ///
    /// @param logits `[B, C]`
    /// @param targets `[B, C]`, 1 where a row has a class
    /// @param positiveWeights `[C]`, how much a row that has the class counts; null for 1
    /// @param divisor of the sum
    /// @param output `[1]`
    record BinaryCrossEntropy(
            Tensor logits, Tensor targets, @Nullable Tensor positiveWeights, double divisor, Tensor output)
            implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(logits);
        }
    }

    /// `x` with some values dropped and the others scaled.
    record Dropped(Tensor x, Dropout dropout, Tensor output) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }
    }

    /// A stretch of work that kept none of its intermediate results and is done again on the way back (Chen et
    /// al. 2016).
    ///
    /// @param work does the same each time it is called
    record Recomputed(List<Tensor> inputs, Supplier<Tensor> work, Tensor output) implements Op {
        public Recomputed {
            inputs = List.copyOf(inputs);
        }
    }

    private static List<Tensor> present(@Nullable Tensor... tensors) {
        List<Tensor> present = new ArrayList<>(tensors.length);
        for (Tensor tensor : Arrays.asList(tensors)) {
            if (tensor != null) {
                present.add(tensor);
            }
        }
        return present;
    }
}
