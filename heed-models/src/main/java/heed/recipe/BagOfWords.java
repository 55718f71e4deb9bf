package heed.recipe;

import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.layer.Linear;
import heed.pass.DropoutRates;
import heed.pass.Pass;
import heed.score.LabelSets;
import heed.tensor.Compute;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.training.EpochBatches;
import heed.training.MovingAverage;
import heed.training.Optimizer;
import heed.training.ParameterTree;
import heed.training.Schedule;
import heed.training.TokenBudget;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// What a classifier of whole texts must beat: logistic regression over the words of a text, whatever their
/// order. A text is the vector of its words' `(1 + log count) · log(n / documents)`, of length 1 (Salton and
/// Buckley 1988).
final class BagOfWords {
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}']+");
    private static final List<Double> DECAYS = List.of(0.0, 1e-5, 1e-4, 1e-3); // the best on the validation set wins
    private static final int EPOCHS = 40;
    private static final int BATCH = 64;

    private final Map<String, Integer> words = new HashMap<>();
    private final List<Double> rarity = new ArrayList<>();
    private final Linear map;

    /// Knows the words that at least two of the texts have.
    private BagOfWords(List<LabelledTexts.Example> examples, int labels) {
        Map<String, Integer> documents = new HashMap<>();
        for (LabelledTexts.Example example : examples) {
            words(example).stream().distinct().forEach(word -> documents.merge(word, 1, Integer::sum));
        }
        documents.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> {
                    words.put(entry.getKey(), words.size());
                    rarity.add(Math.log((double) examples.size() / entry.getValue()));
                });
        this.map = new Linear(Weight.learned(Tensor.zeros(labels, Math.max(1, words.size()))), Tensor.zeros(labels));
    }

    private static List<String> words(LabelledTexts.Example example) {
        return Arrays.stream(BETWEEN_WORDS.split(example.text().toLowerCase(Locale.ROOT)))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /// Trains on one part, chooses the decay by the second, and returns how it does on the third.
    static LabelSets test(
            int labels, LabelledTexts.Split split, ClassifierRecipe recipe, Kernels kernels, WorkerPool workers) {
        Compute compute = new Compute(kernels, workers);
        LabelSets best = null;
        double least = Double.POSITIVE_INFINITY;
        for (double decay : DECAYS) {
            BagOfWords bag = new BagOfWords(split.training(), labels);
            double loss = bag.train(split, labels, recipe, decay, compute);
            if (best == null || loss < least) {
                least = loss;
                best = bag.found(split.test(), recipe.several(), compute);
            }
        }
        return Objects.requireNonNull(best, "there are decays");
    }

    /// @return the least validation loss; the parameters are then those of the last step
    private double train(
            LabelledTexts.Split split, int labels, ClassifierRecipe recipe, double decay, Compute compute) {
        int[] ones = new int[split.training().size()];
        Arrays.fill(ones, 1);
        EpochBatches batches =
                new EpochBatches(new TokenBudget(ones, BATCH, recipe.training().seed()));
        long steps = EPOCHS * batches.stepsPerEpoch();
        Trainer trainer = new Trainer(
                ParameterTree.of(map),
                new Trainer.Settings(
                        new Optimizer.Adam(0.9, 0.999, 1e-8, decay),
                        new Schedule.Linear(0.05, 0, 0, steps),
                        0,
                        DropoutRates.NONE,
                        0),
                compute);
        ClassificationTask task = new ClassificationTask(
                (some, of, pass) -> map.apply(features(some, of), pass),
                examples(split.training()),
                examples(split.validation()),
                batches,
                1,
                0,
                null,
                labels,
                recipe.several());
        try {
            new TrainingLoop(
                            trainer, MovingAverage.none(), task, new TrainingLoop.Plan(steps, steps, steps, 0), compute)
                    .run(TrainingLoop.Progress.START, new TrainingLoop.Listener() {}, () -> false);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing is written
        }
        return task.validate(compute).loss();
    }

    /// Texts as the numbers of the words that are known, each as often as it is there.
    private ClassificationTask.Examples examples(List<LabelledTexts.Example> examples) {
        List<int[]> ids = examples.stream()
                .map(example -> words(example).stream()
                        .filter(words::containsKey)
                        .mapToInt(words::get)
                        .toArray())
                .toList();
        return new ClassificationTask.Examples(
                ids, ids, examples.stream().map(LabelledTexts.Example::classes).toList());
    }

    /// `[examples, words]`
    private Tensor features(int[] some, ClassificationTask.Examples of) {
        Tensor features = Tensor.zeros(some.length, map.weight().in());
        for (int row = 0; row < some.length; row++) {
            Map<Integer, Integer> counts = new HashMap<>();
            Arrays.stream(of.ids().get(some[row])).forEach(word -> counts.merge(word, 1, Integer::sum));
            double squares = 0;
            for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
                double value = (1 + Math.log(entry.getValue())) * rarity.get(entry.getKey());
                features.set((float) value, row, entry.getKey());
                squares += value * value;
            }
            for (int word : counts.keySet()) {
                features.set((float) (features.at(row, word) / Math.sqrt(squares)), row, word);
            }
        }
        return features;
    }

    private LabelSets found(List<LabelledTexts.Example> examples, boolean several, Compute compute) {
        ClassificationTask.Examples encoded = examples(examples);
        List<float[]> logits = new ArrayList<>();
        for (int example = 0; example < encoded.count(); example++) {
            Tensor scores = map.apply(features(new int[] {example}, encoded), Pass.unwatched(compute));
            logits.add(scores.part(0).toArray());
            compute.reset();
        }
        return HeldOut.found(logits, encoded.classes(), several);
    }
}
