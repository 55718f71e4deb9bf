package heed.family;

import heed.kernel.Activation;
import heed.layer.Constant;
import heed.layer.LayerNorm;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.recurrent.RecurrentClassifier;
import heed.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What stands on top of a stack of layers and turns its hidden states into answers.
public sealed interface Head {
    /// The layers alone.
    record None() implements Head {}

    /// Predicts the word at each position: `decoder(norm(gelu(x W + b)))` (Devlin et al. 2019, §3.1; the
    /// transform is in the published code).
    ///
    /// @param decoder `[V, D]`, usually the word embeddings themselves, with a bias of its own
    record MaskedLanguageModel(Linear transform, Activation activation, LayerNorm norm, Linear decoder)
            implements Head {
        /// `[N, D] → [N, V]`
        public Tensor logits(Tensor hidden, Pass pass) {
            return decoder.apply(norm.apply(transform.apply(hidden, activation, pass), pass), pass);
        }
    }

    /// Predicts the token after each position.
    ///
    /// @param scale factor on the hidden states, 1 in most models
    /// @param decoder `[V, D]`, often the word embeddings themselves
    /// @param constant `[V]`, added to the scores and never learned; null for nothing
    record LanguageModel(
            float scale, Linear decoder, @Nullable Constant constant) implements Head {
        public LanguageModel(float scale, Linear decoder) {
            this(scale, decoder, null);
        }

        /// `[N, D] → [N, V]`
        public Tensor logits(Tensor hidden, Pass pass) {
            Tensor logits = decoder.apply(scale == 1 ? hidden : pass.compute().scaled(hidden, scale), pass);
            if (constant != null) {
                constant.addTo(logits, pass);
            }
            return logits;
        }
    }

    /// Gives a sequence a class.
    sealed interface OfSequence extends Head {
        /// `[N, D] → [B, C]`
        ///
        /// @param hidden the hidden states that the head stands on, [Network#represent]
        /// @param batch the texts that are classified
        Tensor logits(Tensor hidden, TokenBatch batch, Pass pass);
    }

    /// Classifies a sequence by what a recurrent network remembers of it.
    record StateClassification(RecurrentClassifier classifier) implements OfSequence {
        @Override
        public Tensor logits(Tensor hidden, TokenBatch batch, Pass pass) {
            return classifier.classify(hidden, batch.sequences(), pass);
        }
    }

    /// Classifies a sequence by its last position, the only one that has seen all of it in a decoder.
    ///
    /// @param classifier `[C, D]`
    /// @param padId a token that does not count as last; -1 for none
    record LastTokenClassification(Linear classifier, int padId) implements OfSequence {
        @Override
        public Tensor logits(Tensor hidden, TokenBatch batch, Pass pass) {
            int[] last = IntStream.range(0, batch.sequences().count())
                    .map(b -> last(batch, b))
                    .toArray();
            return classifier.apply(pass.compute().gather(hidden, last), pass);
        }

        private int last(TokenBatch batch, int sequence) {
            int row = batch.sequences().end(sequence) - 1;
            while (row > batch.sequences().start(sequence) && batch.ids()[row] == padId) {
                row--;
            }
            return row;
        }
    }

    /// Classifies a sequence by one of its positions: `classifier(activation(x W + b))`.
    ///
    /// @param dense `[D, D]`
    /// @param classifier `[C, D]`
    /// @param endId the position is the last that has this token; -1 for the first of all
    record SequenceClassification(Linear dense, Activation activation, Linear classifier, int endId)
            implements OfSequence {
        /// By the first position, as in BERT and its kin.
        public SequenceClassification(Linear dense, Activation activation, Linear classifier) {
            this(dense, activation, classifier, -1);
        }

        /// @throws IllegalArgumentException when a sequence has no token `endId`
        @Override
        public Tensor logits(Tensor hidden, TokenBatch batch, Pass pass) {
            int[] rows = IntStream.range(0, batch.sequences().count())
                    .map(b -> row(batch, b))
                    .toArray();
            Tensor pooled = dense.apply(pass.compute().gather(hidden, rows), activation, pass); // [B, D]
            return classifier.apply(pass.noise().dropResidual(pooled, pass.compute()), pass);
        }

        private int row(TokenBatch batch, int sequence) {
            if (endId < 0) {
                return batch.sequences().start(sequence);
            }
            int row = batch.sequences().end(sequence) - 1;
            while (row >= batch.sequences().start(sequence) && batch.ids()[row] != endId) {
                row--;
            }
            if (row < batch.sequences().start(sequence)) {
                throw new IllegalArgumentException("sequence " + sequence + " has no token " + endId
                        + ", the end of a text, by which it is classified");
            }
            return row;
        }
    }

    /// Classifies every token.
    ///
    /// @param classifier `[C, D]`
    record TokenClassification(Linear classifier) implements Head {
        /// `[N, D] → [N, C]`
        public Tensor logits(Tensor hidden, Pass pass) {
            return classifier.apply(hidden, pass);
        }
    }

    /// Tells of every token whether it was put in the place of another (Clark et al. 2020, §2).
    ///
    /// @param prediction `[1, D]`
    record ReplacedTokenDetection(Linear dense, Activation activation, Linear prediction) implements Head {
        /// `[N, D] → [N, 1]`
        public Tensor logits(Tensor hidden, Pass pass) {
            return prediction.apply(dense.apply(hidden, activation, pass), pass);
        }
    }

    /// Finds where an answer starts and ends.
    ///
    /// @param outputs `[2, D]`: the first row scores starts, the second ends
    record SpanClassification(Linear outputs) implements Head {
        /// `[N, D] → [N, 2]`
        public Tensor logits(Tensor hidden, Pass pass) {
            return outputs.apply(hidden, pass);
        }
    }
}
