package heed.claims;

import heed.layer.Embedding;
import heed.layer.Linear;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.training.Initializer;

/// What sequence models are to read, whatever they are.
///
/// @param vocabulary V
/// @param classes C
/// @param longest the longest sequence
record Reading(int vocabulary, int classes, int longest) {
    /// Vectors of tokens, of the same size for all models.
    Embedding words(int width, Initializer draw) {
        return new Embedding("token id", draw.normal(1, vocabulary, width));
    }

    static Linear linear(Initializer draw, int out, int in) {
        return new Linear(Weight.learned(draw.xavier(out, in)), Tensor.zeros(out));
    }
}
