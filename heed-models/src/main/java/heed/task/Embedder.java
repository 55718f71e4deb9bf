package heed.task;

import heed.family.TokenBatch;
import heed.model.Model;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.List;

/// Turns texts into vectors whose directions tell how alike the texts are (Reimers and Gurevych 2019).
/// Safe for any number of threads.
public final class Embedder {
    private final Model model;
    private final EmbedOptions options;

    /// Embeds as the model's files ask for (`1_Pooling/config.json`), or by the mean over all tokens, scaled to
    /// length 1.
    public Embedder(Model model) {
        this(model, SentenceTransformerFiles.options(model.folder()));
    }

    public Embedder(Model model, EmbedOptions options) {
        this.model = model;
        this.options = options;
    }

    public EmbedOptions options() {
        return options;
    }

    /// The width of the vectors.
    public int dimensions() {
        return model.config().dModel();
    }

    /// The vector of one text.
    ///
    /// @throws IllegalArgumentException when the text is empty or too long
    public float[] embed(String text) {
        return embed(List.of(text)).getFirst();
    }

    /// The vectors of texts, in their order. A vector does not depend on the texts beside it.
    ///
    /// @throws IllegalArgumentException when a text is empty or too long, with its number
    public List<float[]> embed(List<String> texts) {
        EncodeOptions encodeOptions = EncodeOptions.defaults();
        if (options.truncateTo() > 0) {
            encodeOptions = encodeOptions.withMaxTokens(
                    Math.min(options.truncateTo(), model.config().maxTokens()));
        }
        List<Encoding> encodings = model.encode(texts, encodeOptions);
        return embedTokens(encodings.stream().map(Encoding::ids).toList());
    }

    /// The vectors of texts that are token ids already, all of the first segment.
    public List<float[]> embedTokens(List<int[]> ids) {
        List<float[]> pooled = pooledTokens(ids);
        return options.normalize() ? pooled.stream().map(Embedder::normalized).toList() : pooled;
    }

    /// As [#embedTokens], before anything is scaled to length 1.
    public List<float[]> pooledTokens(List<int[]> ids) {
        List<int[]> typeIds = ids.stream().map(array -> new int[array.length]).toList();
        return TokenBatch.batches(ids, typeIds).stream()
                .flatMap(batch -> poolBatch(batch).stream())
                .toList();
    }

    private List<float[]> poolBatch(TokenBatch batch) {
        return model.run(pass -> {
            Tensor hidden = model.network().encode(batch, pass); // [N, D]
            Sequences sequences = batch.sequences();
            List<float[]> vectors = new ArrayList<>(sequences.count());
            for (int b = 0; b < sequences.count(); b++) {
                vectors.add(pool(hidden.rows(sequences.start(b), sequences.end(b))));
            }
            return vectors;
        });
    }

    /// `[T, D] → [D]`
    private float[] pool(Tensor rows) {
        int d = rows.size(1);
        float[] vector = new float[d];
        switch (options.pooling()) {
            case CLS -> System.arraycopy(rows.values(), rows.offset(), vector, 0, d);
            case MEAN -> {
                for (int t = 0; t < rows.size(0); t++) {
                    model.kernels().add(rows.values(), rows.offset() + t * rows.stride(0), vector, 0, d);
                }
                scale(vector, 1f / rows.size(0));
            }
        }
        return vector;
    }

    /// A vector of the same direction and length 1.
    public static float[] normalized(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        float[] scaled = vector.clone();
        scale(scaled, (float) (1 / Math.max(Math.sqrt(squares), 1e-12)));
        return scaled;
    }

    private static void scale(float[] vector, float factor) {
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= factor;
        }
    }

    /// The cosine of the angle between two vectors: 1 for the same direction, 0 for none in common.
    public static double cosine(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("vectors of " + a.length + " and " + b.length + " dimensions");
        }
        double dot = 0;
        double aSquares = 0;
        double bSquares = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            aSquares += (double) a[i] * a[i];
            bSquares += (double) b[i] * b[i];
        }
        return dot / Math.max(Math.sqrt(aSquares) * Math.sqrt(bSquares), 1e-24);
    }
}
