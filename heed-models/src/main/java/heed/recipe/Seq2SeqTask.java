package heed.recipe;

import heed.family.Head;
import heed.family.Seq2SeqNetwork;
import heed.family.TokenBatch;
import heed.pass.Pass;
import heed.subword.SubwordSampler;
import heed.tensor.Compute;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.training.EpochBatches;
import heed.training.TrainingLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;

/// Learning to write a target when a source was read: at each position the token that comes next.
final class Seq2SeqTask implements TrainingLoop.Task {
    /// Pairs that are evaluated together.
    private static final int EVALUATED_TOGETHER = 32;

    private final Seq2SeqNetwork network;
    private final List<Pair> training;
    private final List<Pair> validation;
    private final EpochBatches batches;
    private final int parts;
    private final float smoothing;
    private final Optional<SubwordSampler> sampler;
    private final int maxTokens;
    private final long seed;

    /// A source and its target as token ids, each with the token that ends a text.
    record Pair(int[] source, int[] target) {
        int tokens() {
            return source.length + target.length;
        }

        /// @param most tokens of a source or a target; a pair that would have more stays as it is
        private Pair cutAnew(SubwordSampler sampler, int most, SplittableRandom random) {
            Pair cut = new Pair(sampler.sample(source, random), sampler.sample(target, random));
            return Math.max(cut.source.length, cut.target.length) <= most ? cut : this;
        }
    }

    /// @param parts into which a batch is cut
    /// @param sampler cuts words anew in every batch
    /// @param maxTokens of a source or a target
    /// @param seed of those cuts
    Seq2SeqTask(
            Seq2SeqNetwork network,
            List<Pair> training,
            List<Pair> validation,
            EpochBatches batches,
            int parts,
            float smoothing,
            Optional<SubwordSampler> sampler,
            int maxTokens,
            long seed) {
        this.network = network;
        this.training = List.copyOf(training);
        this.validation = List.copyOf(validation);
        this.batches = batches;
        this.parts = parts;
        this.smoothing = smoothing;
        this.sampler = sampler;
        this.maxTokens = maxTokens;
        this.seed = seed;
    }

    @Override
    public List<Function<Pass, Tensor>> batch(long step) {
        int[] batch = batches.batch(step);
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + step);
        List<Pair> pairs = Arrays.stream(batch)
                .mapToObj(training::get)
                .map(pair ->
                        sampler.map(one -> pair.cutAnew(one, maxTokens, random)).orElse(pair))
                .toList();
        double targets = pairs.stream().mapToInt(pair -> pair.target.length).sum();
        int cuts = Math.min(parts, batch.length);
        List<Function<Pass, Tensor>> losses = new ArrayList<>();
        for (int part = 0; part < cuts; part++) {
            List<Pair> some = pairs.subList(part * batch.length / cuts, (part + 1) * batch.length / cuts);
            losses.add(pass -> loss(some, smoothing, targets, pass));
        }
        return losses;
    }

    @Override
    public int tokens(long step) {
        return Arrays.stream(batches.batch(step))
                .map(pair -> training.get(pair).tokens())
                .sum();
    }

    /// The loss without smoothing, so that it can be compared.
    @Override
    public TrainingLoop.Evaluation validate(Compute compute) {
        double targets =
                validation.stream().mapToInt(pair -> pair.target.length).sum();
        double loss = 0;
        for (int from = 0; from < validation.size(); from += EVALUATED_TOGETHER) {
            List<Pair> some = validation.subList(from, Math.min(validation.size(), from + EVALUATED_TOGETHER));
            loss += loss(some, 0, targets, Pass.unwatched(compute)).at(0);
            compute.reset();
        }
        return new TrainingLoop.Evaluation(loss, Map.of("perplexity", Math.exp(loss)));
    }

    /// @param divisor the target tokens of the whole batch
    private Tensor loss(List<Pair> pairs, float smooth, double divisor, Pass pass) {
        TokenBatch sources = TokenBatch.of(pairs.stream().map(Pair::source).toList());
        TokenBatch inputs =
                TokenBatch.of(pairs.stream().map(pair -> moved(pair.target)).toList());
        int[] next =
                pairs.stream().flatMapToInt(pair -> Arrays.stream(pair.target)).toArray();
        Tensor hidden = network.read(sources, pass).write(inputs, pass);
        Tensor logits = ((Head.LanguageModel) network.head()).logits(hidden, pass);
        return pass.compute()
                .crossEntropy(logits, Targets.of(next).smoothed(smooth).dividedBy(divisor));
    }

    /// What the decoder has read before it writes each token.
    private int[] moved(int[] target) {
        int[] moved = new int[target.length];
        moved[0] = network.startId();
        System.arraycopy(target, 0, moved, 1, target.length - 1);
        return moved;
    }
}
