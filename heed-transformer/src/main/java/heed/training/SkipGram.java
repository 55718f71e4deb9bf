package heed.training;

import heed.kernel.Activation;
import heed.layer.Embedding;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.tensor.Weight;

/// Static word vectors from the company that words keep: a word's vector is learned so that, with a second
/// vector of each neighbour, it tells neighbours from words drawn at random (skip-gram with negative sampling,
/// Mikolov et al. 2013, §2.2).
///
/// @param words `[V, D]`, the vectors that are kept
/// @param contexts `[V, D]`, those of words as neighbours
public record SkipGram(Embedding words, Embedding contexts) {
    /// Vectors as word2vec begins with them: words spread evenly up to `1/(2D)`, contexts zeros.
    public static SkipGram fresh(int vocabulary, int width, long seed) {
        Tensor words = new Initializer(seed).uniform(0.5 / width, vocabulary, width);
        return new SkipGram(new Embedding("word id", words), new Embedding("word id", Tensor.zeros(vocabulary, width)));
    }

    /// Pairs of words, some of which stand near each other in a text while the others were put together.
    ///
    /// @param centres `[P]`
    /// @param others `[P]`
    /// @param near `[P]`
    /// @param neighbours how many of them are near each other
    public record Sample(int[] centres, int[] others, boolean[] near, int neighbours) {}

    /// `-Σ log σ(±u·v)` over the number of true neighbours: `[1]`.
    public Tensor loss(Sample sample, Pass pass) {
        Compute compute = pass.compute();
        Tensor u = words.apply(sample.centres, pass); // [P, D]
        Tensor v = contexts.apply(sample.others, pass); // [P, D]
        Weight ones = Weight.learned(Initializer.constant(1, 1, u.size(1)));
        Tensor scores = compute.linear(compute.times(u, v), ones, null, Activation.IDENTITY); // [P, 1]
        Tensor against = Tensor.zeros(scores.size(0), 1); // σ(x) is the softmax of x and 0
        int[] targets = new int[sample.near.length];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = sample.near[i] ? 0 : 1;
        }
        return compute.crossEntropy(
                compute.joined(scores, against), Targets.of(targets).dividedBy(sample.neighbours));
    }
}
