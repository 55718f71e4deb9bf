package heed.family;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.NamedTensor;
import heed.kernel.WeightFormat;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the parameters of a network come from, and what becomes of them.
public sealed interface ParameterSource {
    Checkpoint checkpoint();

    /// A matrix `[out, in]` as products read it.
    Weight weight(Tensor matrix);

    /// The first values of a parameter that the checkpoint lacks, or has in another shape; empty if it must
    /// have it.
    Optional<Tensor> draw(String path, Shape shape);

    /// Parameters that stay as they are: matrices are arranged for products once. Checkpoint and network must
    /// match one to one.
    record Frozen(Checkpoint checkpoint, WeightFormat format) implements ParameterSource {
        @Override
        public Weight weight(Tensor matrix) {
            return Weight.of(matrix, format);
        }

        @Override
        public Optional<Tensor> draw(String path, Shape shape) {
            return Optional.empty();
        }
    }

    /// Parameters that nobody learned and nobody will: a network of the same shape that knows nothing, to
    /// compare with.
    record Drawn(Beginning beginning, WeightFormat format) implements ParameterSource {
        @Override
        public Checkpoint checkpoint() {
            return Checkpoint.empty();
        }

        @Override
        public Weight weight(Tensor matrix) {
            return Weight.of(matrix, format);
        }

        @Override
        public Optional<Tensor> draw(String path, Shape shape) {
            return beginning.draw(path, shape);
        }
    }

    /// Gives parameters that a checkpoint lacks their first values.
    @FunctionalInterface
    interface Beginning {
        /// @param path where the parameter stands in the family's weight table, such as `head.weight`
        /// @return empty if the checkpoint must have it
        Optional<Tensor> draw(String path, Shape shape);
    }

    /// Parameters that are to be learned: arrays that an optimiser changes. A network may have others than the
    /// checkpoint it begins with, such as a new head: those are drawn, and tensors that it has no use for are
    /// left aside. What was loaded can be written again at any time, under Hugging Face's names.
    final class Learned implements ParameterSource {
        private final Checkpoint checkpoint;
        private final Beginning beginning;
        private @Nullable Parameters bound;

        public Learned(Checkpoint checkpoint, Beginning beginning) {
            this.checkpoint = checkpoint;
            this.beginning = beginning;
        }

        @Override
        public Checkpoint checkpoint() {
            return checkpoint;
        }

        @Override
        public Weight weight(Tensor matrix) {
            return Weight.learned(matrix);
        }

        @Override
        public Optional<Tensor> draw(String path, Shape shape) {
            return beginning.draw(path, shape);
        }

        void bound(Parameters parameters) {
            bound = parameters;
        }

        /// Reads what no network asked for, so that the checkpoint may be closed.
        public void readAll() {
            parameters().readAll();
        }

        /// The name that a matrix or vector of the network is written under.
        ///
        /// @throws IllegalArgumentException when it is none that was loaded
        public String name(Tensor tensor) {
            return parameters().name(tensor);
        }

        private Parameters parameters() {
            return Objects.requireNonNull(bound, "no network was loaded");
        }

        /// The tensors of a checkpoint with the parameters as they are now.
        ///
        /// @throws IllegalStateException when no network was loaded
        public List<NamedTensor> tensors() {
            return parameters().tensors();
        }
    }
}
