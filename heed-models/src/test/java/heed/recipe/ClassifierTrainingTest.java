package heed.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.hub.Progress;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.model.Models;
import heed.task.Classifier;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class ClassifierTrainingTest {
    private static final Path BERT =
            Path.of("src/test/resources/golden/bert/base").toAbsolutePath();
    private static final String RECIPE = """
            model: %s
            data: {file: data.csv}
            labels: {0: bad, 1: good}
            validation: 0.2
            test: 0.2
            batch: 4
            steps: 40
            optimizer: {rate: 1e-2}
            dropout: 0
            evaluate: {every: 20}
            save_every: 10
            baseline: true
            """.formatted(BERT);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void writeData() throws IOException {
        StringBuilder csv = new StringBuilder("text,label\n");
        for (int i = 0; i < 20; i++) {
            csv.append("\"the cat sat, and sat\",1\nthe dog ran away,0\n");
        }
        Files.writeString(folder.resolve("data.csv"), csv);
    }

    private ClassifierTraining training(String recipe, String out, WorkerPool workers) throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);
        return new ClassifierTraining(
                ClassifierRecipe.read(file, 0),
                folder.resolve(out),
                Progress.none(),
                KernelProvider.vector().orElseThrow(),
                workers);
    }

    /// @return what the best model does on the examples for testing
    private List<JsonNode> train(String recipe, String out, boolean resume, long most) throws IOException {
        AtomicLong asked = new AtomicLong();
        try (WorkerPool workers = WorkerPool.of(1)) {
            ClassifierTraining training = training(recipe, out, workers);
            TrainingLoop.End end = training.run(resume, new Quiet(), () -> asked.incrementAndGet() > most);
            return end == TrainingLoop.End.STOPPED
                    ? List.of()
                    : training.results().stream()
                            .map(line -> JsonMapper.shared().readTree(line))
                            .toList();
        }
    }

    private static final class Quiet implements Training.Watcher {
        @Override
        public void stepped(Trainer.Step step, int tokens, long of) {}

        @Override
        public void evaluated(TrainingLoop.Evaluation evaluation, TrainingLoop.Progress progress) {}
    }

    @Test
    void aModelLearnsToTellTextsApartAndIsOpenedLikeAnyOther() throws IOException {
        List<JsonNode> results = train(RECIPE, "out", false, 99);
        assertThat(results).hasSize(2);
        assertThat(results.getFirst().path("accuracy").asDouble()).isEqualTo(1);
        assertThat(results.getLast().path("model").asString()).isEqualTo("logistic regression over words");
        assertThat(results.getLast().path("accuracy").asDouble()).isEqualTo(1);
        try (Model model = Models.open(folder.resolve("out"))) {
            Classifier classifier = new Classifier(model);
            assertThat(classifier.labels()).containsExactly("bad", "good");
            assertThat(classifier.classify("the cat sat").get("good")).isGreaterThan(0.5);
        }
        JsonNode config = JsonMapper.shared().readTree(Files.readString(folder.resolve("out/config.json")));
        assertThat(config.path("architectures").get(0).asString()).isEqualTo("BertForSequenceClassification");
        assertThat(config.path("problem_type").asString()).isEqualTo("single_label_classification");
        assertThat(config.path("label2id").path("good").asInt()).isEqualTo(1);
    }

    @Test
    void whatStandsLateInALongTextIsLearnedFromItsWindows() throws IOException {
        StringBuilder csv = new StringBuilder("text,label\n");
        for (int i = 0; i < 20; i++) {
            csv.append("the cat ".repeat(10)).append("sat sat,1\n");
            csv.append("the cat ".repeat(10)).append("and and,0\n");
        }
        Files.writeString(folder.resolve("data.csv"), csv);
        String windows = RECIPE.replace("baseline: true", "max_tokens: 10\nwindows: 2")
                .replace("steps: 40", "steps: 120")
                .replace("rate: 1e-2", "rate: 3e-3");
        try (WorkerPool workers = WorkerPool.of(1)) {
            assertThat(training(windows, "out", workers).summary()).anyMatch(line -> line.contains("in 48 windows"));
        }
        train(windows, "out", false, 199);
        try (Model model = Models.open(folder.resolve("out"))) {
            Classifier classifier = new Classifier(model);
            String start = "the cat ".repeat(3);
            assertThat(classifier.classify(start + "sat sat").get("good")).isGreaterThan(0.8);
            assertThat(classifier.classify(start + "and and").get("bad")).isGreaterThan(0.8);
        }
    }

    private static final String RECURRENT =
            RECIPE.replaceFirst("model: .*", "model: {kind: lstm, width: 8, pooling: last}\ntokenizer: words");

    @Test
    void aRecurrentClassifierIsTrainedAndOpenedLikeAnyOther() throws IOException {
        List<JsonNode> results = train(RECURRENT, "out", false, 99);
        assertThat(results.getFirst().path("model").asString()).isEqualTo("lstm, 1 layer both ways, width 8");
        assertThat(results.getFirst().path("accuracy").asDouble()).isEqualTo(1);
        assertThat(results).hasSize(2);
        try (Model model = Models.open(folder.resolve("out"))) {
            Classifier classifier = new Classifier(model);
            assertThat(classifier.labels()).containsExactly("bad", "good");
            assertThat(classifier.classify("the dog ran away").get("bad")).isGreaterThan(0.5);
        }
        String transformer = RECURRENT.replace("kind: lstm", "kind: transformer");
        assertRefused(transformer, "model.kind must be lstm, gru, rnn or rnn-relu; a Transformer is fine-tuned");
    }

    @Test
    void aRecurrentClassifierGoesOnAsIfNothingHadHappened() throws IOException {
        String recipe = RECURRENT.replace("dropout: 0", "dropout: 0.1").replace("last", "mean");
        train(recipe, "whole", false, 99);
        train(recipe, "parts", false, 17);
        train(recipe, "parts", true, 99);
        assertThat(Files.readAllBytes(folder.resolve("parts/checkpoints/step-40/training.safetensors")))
                .isEqualTo(Files.readAllBytes(folder.resolve("whole/checkpoints/step-40/training.safetensors")));
    }

    @Test
    void aHeadAloneLeavesTheModelBelowAsItWas() throws IOException {
        train(RECIPE + "tune: head\n", "out", false, 99);
        try (var before = heed.checkpoint.Checkpoints.open(BERT);
                var after = heed.checkpoint.Checkpoints.open(folder.resolve("out"))) {
            String query = "encoder.layer.0.attention.self.query.weight";
            assertThat(after.read("bert." + query)).isEqualTo(before.read(query));
        }
    }

    @Test
    void aTextMayBelongToSeveralClassesOrNone() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 15; i++) {
            lines.append("""
                    {"text": "the cat sat on the dog", "labels": ["cat", "dog"]}
                    {"text": "the dog ran", "labels": ["dog"]}
                    {"text": "nobody was there", "labels": []}
                    """);
        }
        Files.writeString(folder.resolve("data.jsonl"), lines);
        String several =
                RECIPE.replace("data.csv", "data.jsonl").replace("labels: {0: bad, 1: good}", "problem: multi_label")
                        + "class_weights: balanced\n";
        assertThat(train(several, "out", false, 99).getFirst().path("accuracy").asDouble())
                .isEqualTo(1);
        try (Model model = Models.open(folder.resolve("out"))) {
            assertThat(model.config().multiLabel()).isTrue();
            assertThat(new Classifier(model).classify("the dog ran").get("cat")).isLessThan(0.5);
        }
    }

    @Test
    void whatWasStoppedGoesOnAsIfNothingHadHappened() throws IOException {
        String recipe = RECIPE.replace("dropout: 0", "dropout: 0.1") + "batch_tokens: 50\naccumulate: 2\n";
        train(recipe, "whole", false, 99);
        train(recipe, "parts", false, 17);
        train(recipe, "parts", true, 99);
        assertThat(Files.readAllBytes(folder.resolve("parts/checkpoints/step-40/training.safetensors")))
                .isEqualTo(Files.readAllBytes(folder.resolve("whole/checkpoints/step-40/training.safetensors")));
    }

    @Test
    void dataThatTeachesNothingIsRefused() throws IOException {
        Path data = folder.resolve("data.csv");
        Files.writeString(data, "text,label\n");
        assertRefused(RECIPE, "the data has no example with a text in the field 'text'");
        Files.writeString(data, "text,label\nthe cat,1\nthe dog,1\n");
        assertRefused(RECIPE, "no example has the label 'bad'");
        assertRefused(
                RECIPE.replace("labels: {0: bad, 1: good}", ""),
                "all 2 examples have the label '1': there is nothing to tell apart");
        Files.writeString(data, "text,label\nthe cat,1\nthe dog,2\n");
        assertRefused(
                RECIPE,
                folder.resolve("data.csv")
                        + ", line 3 has the label '2', which is not among the labels of the recipe: 0, 1");
        Files.writeString(data, "text,class\nthe cat,1\n");
        assertRefused(RECIPE, "has no field 'label'; its fields are text, class");
        Files.writeString(data, "text,label\n\"the cat,1\n");
        assertRefused(RECIPE, "line 2: a quotation mark is never closed");
        Files.writeString(data, "text,label\nthe cat,1\nthe dog,0\n");
        assertRefused(RECIPE, "2 examples are too few for a validation share of 0.2 and a test share of 0.2");
    }

    private void assertRefused(String recipe, String message) {
        assertThatThrownBy(() -> train(recipe, "out", false, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aMisspeltKeyGetsASuggestion() {
        assertRefused(
                RECIPE + "clas_weights: balanced\n",
                "clas_weights is no key of a recipe; did you mean 'class_weights'?");
        assertRefused(RECIPE + "tune: some\n", "tune must be full");
        assertRefused(
                RECIPE.replace("csv}", "csv, txt: t}"), "data.txt is no key of a recipe; did you mean 'data.text'?");
    }

    @Test
    void aModelThatCannotClassifyIsRefused() {
        Path marian = Path.of("src/test/resources/golden/marian/shared").toAbsolutePath();
        assertRefused(
                RECIPE.replace(BERT.toString(), marian.toString()),
                "architecture MarianForSequenceClassification is not supported");
    }
}
