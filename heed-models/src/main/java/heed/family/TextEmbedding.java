package heed.family;

import heed.layer.Embedding;
import heed.layer.Linear;
import heed.layer.Norm;
import heed.pass.Pass;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// What goes into the first layer: a vector for each token, and what is added to tell where it stands.
///
/// @param words `[V, E]`, E the width of the embeddings
/// @param scale factor on the words, `√D` in the paper (Vaswani et al. 2017, §3.4) and 1 in most models
/// @param positions added; null where the layers tell positions by themselves
/// @param types added for the segment that a token belongs to; null for none
/// @param norm of the sum; null for none
/// @param projection from E to D; null where they are equal
public record TextEmbedding(
        Embedding words,
        float scale,
        @Nullable TokenPositions positions,
        @Nullable Embedding types,
        @Nullable Norm norm,
        @Nullable Linear projection) {
    /// Words alone.
    public static TextEmbedding of(Embedding words) {
        return new TextEmbedding(words, 1, null, null, null, null);
    }

    /// The same without positions.
    TextEmbedding withoutPositions() {
        return new TextEmbedding(words, scale, null, types, norm, projection);
    }

    /// `[N, D]`
    ///
    /// @param batch the tokens
    /// @param whole their sequences with the positions before them
    public Tensor apply(TokenBatch batch, Sequences whole, Pass pass) {
        return pass.compute().keepOnly(() -> {
            Tensor x = words.apply(batch.ids(), pass); // [N, E]
            if (scale != 1) {
                x = pass.compute().scaled(x, scale);
            }
            if (types != null) {
                types.addTo(x, batch.typeIds(), pass);
            }
            if (positions != null) {
                positions.addTo(x, batch, whole, pass);
            }
            if (norm != null) {
                x = norm.apply(x, pass);
            }
            x = pass.noise().dropEmbedding(x, pass.compute());
            return projection == null ? x : projection.apply(x, pass); // [N, D]
        });
    }
}
