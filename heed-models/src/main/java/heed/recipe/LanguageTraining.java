package heed.recipe;

import heed.hub.Progress;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.training.CausalModel;
import heed.training.ParameterTree;
import heed.training.TextWindows;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/// Trains a language model of characters as a recipe says, in a folder that training can go on in.
public final class LanguageTraining {
    private final LanguageRecipe recipe;
    private final RunFolder folder;
    private final CharacterVocabulary vocabulary;
    private final CausalModel model;
    private final Compute compute;
    private final Trainer trainer;
    private final TextWindows task;
    private final int trainingTokens;

    /// Who is told how it goes.
    public interface Watcher {
        /// @param step the step, `of` so many
        void stepped(Trainer.Step step, int tokens, long of);

        void evaluated(double loss, TrainingLoop.Progress progress);
    }

    /// Fetches the text and prepares everything.
    ///
    /// @param out where results go
    /// @throws RecipeException when the text cannot be had or is too short
    public LanguageTraining(LanguageRecipe recipe, Path out, Progress fetching, Kernels kernels, WorkerPool workers) {
        this.recipe = recipe;
        this.folder = new RunFolder(out, recipe.fingerprint());
        String text = recipe.text().load(fetching);
        this.vocabulary = CharacterVocabulary.of(text);
        int[] ids = vocabulary.ids(text);
        this.trainingTokens = (int) Math.round(ids.length * (1 - recipe.validation()));
        this.model = CausalModel.fresh(recipe.sizes(vocabulary.size()), recipe.seed());
        this.compute = new Compute(kernels, workers);
        this.trainer = new Trainer(ParameterTree.of(model), recipe.settings(), compute);
        this.task = new TextWindows(
                model,
                Arrays.copyOfRange(ids, 0, trainingTokens),
                Arrays.copyOfRange(ids, trainingTokens, ids.length),
                recipe.context(),
                recipe.batch(),
                recipe.seed());
    }

    /// How many numbers the model learns.
    public long parameters() {
        return trainer.parameters().stream()
                .mapToLong(parameter -> parameter.elements())
                .sum();
    }

    public int vocabularySize() {
        return vocabulary.size();
    }

    /// Tokens that are learned from.
    public int trainingTokens() {
        return trainingTokens;
    }

    /// Trains to the end of the plan.
    ///
    /// @param resume whether to go on from the newest checkpoint of the folder
    public TrainingLoop.End run(boolean resume, Watcher watcher, BooleanSupplier stopRequested) throws IOException {
        TrainingLoop.Progress start = TrainingLoop.Progress.START;
        if (resume) {
            start = folder.restore(trainer);
        } else {
            folder.begin();
        }
        LossCurve curve = folder.metricsUpTo(start.step());
        TrainingLoop loop = new TrainingLoop(trainer, task, recipe.plan(), compute);
        TrainingLoop.End end = loop.run(start, new Notes(watcher, curve), stopRequested);
        folder.draw(curve, title());
        return end;
    }

    private String title() {
        return recipe.layers() + " layers, " + recipe.heads() + " heads, width " + recipe.width() + ", context "
                + recipe.context();
    }

    /// Keeps metrics, the best model and checkpoints.
    private final class Notes implements TrainingLoop.Listener {
        private final Watcher watcher;
        private final LossCurve curve;
        private long sinceNanos = System.nanoTime();
        private long tokens;

        Notes(Watcher watcher, LossCurve curve) {
            this.watcher = watcher;
            this.curve = curve;
        }

        @Override
        public void stepped(Trainer.Step step, int stepTokens) throws IOException {
            watcher.stepped(step, stepTokens, recipe.plan().steps());
            tokens += stepTokens;
            if (step.number() == 1 || step.number() % 10 == 0) {
                long now = System.nanoTime();
                Map<String, Object> line = RunFolder.line(step.number());
                line.put("loss", step.loss());
                line.put("gradient_norm", step.gradientNorm());
                line.put("learning_rate", step.rate());
                line.put("tokens_per_s", Math.round(tokens * 1e9 / Math.max(1, now - sinceNanos)));
                folder.append(line);
                curve.addTraining(step.number(), step.loss());
                sinceNanos = now;
                tokens = 0;
            }
        }

        @Override
        public void evaluated(double loss, TrainingLoop.Progress progress) throws IOException {
            Map<String, Object> line = RunFolder.line(progress.step());
            line.put("validation_loss", loss);
            folder.append(line);
            curve.addValidation(progress.step(), loss);
            folder.draw(curve, title());
            if (progress.bestStep() == progress.step()) {
                folder.export(model, recipe.dropout(), vocabulary);
            }
            watcher.evaluated(loss, progress);
            sinceNanos = System.nanoTime();
            tokens = 0;
        }

        @Override
        public void save(TrainingLoop.Progress progress) throws IOException {
            folder.save(trainer, progress);
            sinceNanos = System.nanoTime();
            tokens = 0;
        }
    }

    /// A text that the model as it is now goes on with, drawn token by token.
    public String sample(long seed) {
        String prompt = recipe.prompt();
        List<Integer> ids = new ArrayList<>();
        Arrays.stream(vocabulary.ids(prompt)).forEach(ids::add);
        SplittableRandom random = new SplittableRandom(seed);
        while (ids.size() < prompt.length() + recipe.samples()) {
            int from = Math.max(0, ids.size() - recipe.context());
            int[] seen = ids.subList(from, ids.size()).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            ids.add(draw(seen, random));
        }
        return vocabulary.text(ids.stream().mapToInt(Integer::intValue).toArray());
    }

    private int draw(int[] seen, SplittableRandom random) {
        Tensor logits = model.logits(seen, Sequences.single(seen.length), Pass.unwatched(compute));
        float[] weights = logits.part(seen.length - 1).softmax().values();
        compute.reset();
        double left = random.nextDouble();
        for (int id = 0; id < weights.length - 1; id++) {
            left -= weights[id];
            if (left < 0) {
                return id;
            }
        }
        return weights.length - 1;
    }
}
