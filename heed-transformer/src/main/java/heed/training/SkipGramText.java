package heed.training;

import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/// Learning word vectors from a text: batches of neighbours from random places of it, each with words drawn at
/// random beside it. A batch depends on the seed and the number of the step alone.
public final class SkipGramText implements TrainingLoop.Task {
    /// The exponent of a word's frequency among the words drawn at random (Mikolov et al. 2013, §2.2).
    private static final double NOISE_EXPONENT = 0.75;

    /// Drawing gives up on a text that has next to no pairs.
    private static final int MOST_DRAWS = 1000;

    private final SkipGram model;
    private final int[] training;
    private final int[] validation;
    private final Settings settings;
    private final double[] keep; // by word
    private final double[] noise; // by word, cumulative

    /// @param window the most positions between two neighbours; each time so many are drawn evenly from 1 on
    /// @param negatives K, words drawn at random for each pair of neighbours
    /// @param batch pairs of neighbours
    /// @param subsampling the frequency above which occurrences of a word are left out at random, such as 1e-3
    /// for a small text (Mikolov et al. 2013, §2.3)
    public record Settings(int window, int negatives, int batch, double subsampling, long seed) {
        public Settings {
            if (window < 1 || negatives < 1 || batch < 1 || !(subsampling > 0)) {
                throw new IllegalArgumentException("a window of " + window + ", " + negatives
                        + " words drawn at random, a batch of " + batch + " and a subsampling of " + subsampling
                        + " cannot be: all must be positive");
            }
        }
    }

    /// @param training ids of words; negative ones are words outside the vocabulary, which count as positions
    /// only
    public SkipGramText(SkipGram model, int[] training, int[] validation, Settings settings) {
        if (training.length < 2 || validation.length < 2) {
            throw new IllegalArgumentException("neighbours need at least two words: there are " + training.length
                    + " to learn from and " + validation.length + " to evaluate with");
        }
        this.model = model;
        this.training = training.clone();
        this.validation = validation.clone();
        this.settings = settings;
        int vocabulary = model.words().table().size(0);
        double[] counts = new double[vocabulary];
        double total = 0;
        for (int id : training) {
            if (id >= 0) {
                counts[id]++;
                total++;
            }
        }
        this.keep = new double[vocabulary];
        this.noise = new double[vocabulary];
        double cumulative = 0;
        for (int id = 0; id < vocabulary; id++) {
            keep[id] = Math.sqrt(settings.subsampling() * total / Math.max(1, counts[id]));
            cumulative += Math.pow(counts[id], NOISE_EXPONENT);
            noise[id] = cumulative;
        }
    }

    @Override
    public List<Function<Pass, Tensor>> batch(long step) {
        SkipGram.Sample sample = sample(training, settings.seed() * 0x9E3779B97F4A7C15L + step, settings.batch());
        return List.of(pass -> model.loss(sample, pass));
    }

    @Override
    public int tokens(long step) {
        return settings.batch();
    }

    /// The loss on the same pairs each time.
    @Override
    public TrainingLoop.Evaluation validate(Compute compute) {
        SkipGram.Sample sample = sample(validation, settings.seed(), 8 * settings.batch());
        double loss = model.loss(sample, Pass.unwatched(compute)).at(0);
        compute.reset();
        return TrainingLoop.Evaluation.of(loss);
    }

    private SkipGram.Sample sample(int[] text, long seed, int neighbours) {
        SplittableRandom random = new SplittableRandom(seed);
        int of = 1 + settings.negatives();
        int[] centres = new int[neighbours * of];
        int[] others = new int[neighbours * of];
        boolean[] near = new boolean[neighbours * of];
        for (int i = 0; i < neighbours; i++) {
            int[] pair = neighbours(text, random);
            Arrays.fill(centres, i * of, (i + 1) * of, pair[0]);
            others[i * of] = pair[1];
            near[i * of] = true;
            for (int k = 1; k < of; k++) {
                others[i * of + k] = drawn(random);
            }
        }
        return new SkipGram.Sample(centres, others, near, neighbours);
    }

    private int[] neighbours(int[] text, SplittableRandom random) {
        for (int draw = 0; draw < MOST_DRAWS; draw++) {
            int at = random.nextInt(text.length);
            int reach = 1 + random.nextInt(settings.window());
            int distance = 1 + random.nextInt(reach);
            int other = random.nextBoolean() ? at + distance : at - distance;
            if (other >= 0 && other < text.length && stays(text[at], random) && stays(text[other], random)) {
                return new int[] {text[at], text[other]};
            }
        }
        throw new IllegalStateException("the text has hardly two neighbours in the vocabulary");
    }

    private boolean stays(int id, SplittableRandom random) {
        return id >= 0 && random.nextDouble() < keep[id];
    }

    private int drawn(SplittableRandom random) {
        int at = Arrays.binarySearch(noise, random.nextDouble() * noise[noise.length - 1]);
        return Math.min(noise.length - 1, at < 0 ? -at - 1 : at + 1);
    }
}
