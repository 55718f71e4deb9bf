package heed.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.Checkpoints;
import heed.hub.Progress;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.model.AttentionMap;
import heed.model.Model;
import heed.model.Models;
import heed.task.Alignment;
import heed.task.Translator;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class Seq2SeqTrainingTest {
    private static final String RECIPE = """
            data: {file: pairs.tsv}
            tokenizer: words
            model: {norm: after, layers: 1, heads: 2, width: 16, max_tokens: 8, dropout: 0}
            validation: 0.1
            test: 0.1
            batch_tokens: 200
            steps: 20
            optimizer: {rate: 1e-2}
            schedule: {name: constant}
            evaluate: {every: 10}
            save_every: 10
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /// Three words in reverse.
    @BeforeEach
    void writeData() throws IOException {
        String[] words = {"red", "green", "blue", "white"};
        StringBuilder tsv = new StringBuilder("source\ttarget\n");
        for (String a : words) {
            for (String b : words) {
                for (String c : words) {
                    tsv.append("%1$s %2$s %3$s\t%3$s %2$s %1$s\n".formatted(a, b, c));
                }
            }
        }
        Files.writeString(folder.resolve("pairs.tsv"), tsv);
    }

    private TrainingLoop.End train(String recipe, String out, boolean resume, long most) throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);
        AtomicLong asked = new AtomicLong();
        try (WorkerPool workers = WorkerPool.of(1)) {
            return new Seq2SeqTraining(
                            Seq2SeqRecipe.read(file, 0),
                            folder.resolve(out),
                            Progress.none(),
                            KernelProvider.vector().orElseThrow(),
                            workers)
                    .run(resume, new Quiet(), () -> asked.incrementAndGet() > most);
        }
    }

    private static final class Quiet implements Training.Watcher {
        @Override
        public void stepped(Trainer.Step step, int tokens, long of) {}

        @Override
        public void evaluated(TrainingLoop.Evaluation evaluation, TrainingLoop.Progress progress) {}
    }

    private String translate(String out, String text) {
        try (Model model = Models.open(folder.resolve(out))) {
            return new Translator(model).translate(text).text();
        }
    }

    @Test
    void aModelLearnsToWriteWordsInReverse() throws IOException {
        String longer = RECIPE.replace("steps: 20", "steps: 300").replace("every: 10", "every: 300");
        train(longer, "out", false, 999);
        assertThat(translate("out", "red green blue")).isEqualTo("blue green red");
        assertThat(translate("out", "white red green")).isEqualTo("green red white");
    }

    private static final String RECURRENT =
            RECIPE.replace("norm: after, layers: 1, heads: 2", "kind: lstm, layers: 1, attention: LOOKING");

    /// The same data, tokenizer, trainer and command as for a Transformer.
    @ParameterizedTest
    @ValueSource(strings = {"bahdanau", "luong-general"})
    void aRecurrentModelLearnsToWriteWordsInReverse(String looking) throws IOException {
        String recipe = RECURRENT
                .replace("LOOKING", looking)
                .replace("width: 16", "width: 32")
                .replace("steps: 20", "steps: 250")
                .replace("every: 10", "every: 250");
        train(recipe, "out", false, 999);
        assertThat(translate("out", "red green blue")).isEqualTo("blue green red");
        assertThat(translate("out", "white red green")).isEqualTo("green red white");
        try (Model model = Models.open(folder.resolve("out"))) {
            AttentionMap map = model.lookAtSource("red green blue", "blue green red")
                    .layer(0)
                    .head(0);
            assertThat(map.queryTokens()).containsExactly("blue", "green", "red", "</s>");
            assertThat(map.keyTokens()).containsExactly("red", "green", "blue", "</s>");
            for (float[] row : map.weights()) {
                assertThat(row[0] + row[1] + row[2] + row[3]).isCloseTo(1, within(1e-5f));
            }
            assertThat(Alignment.of(model, "red green blue", "blue green red").links())
                    .hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bahdanau", "none, tied: false"})
    void aRecurrentModelGoesOnAsIfNothingHadHappened(String looking) throws IOException {
        String recipe = RECURRENT.replace("LOOKING", looking).replace("dropout: 0", "dropout: 0.1");
        train(recipe, "whole", false, 99);
        train(recipe, "parts", false, 7);
        train(recipe, "parts", true, 99);
        assertThat(Files.readAllBytes(folder.resolve("parts/model.safetensors")))
                .isEqualTo(Files.readAllBytes(folder.resolve("whole/model.safetensors")));
        if (looking.startsWith("none")) {
            try (Model model = Models.open(folder.resolve("whole"))) {
                assertThatThrownBy(() -> model.lookAtSource("red", "red"))
                        .hasMessageContaining("whole has no attention");
            }
        }
    }

    /// After each block it is a MarianMT, before each block an mBART.
    @ParameterizedTest
    @ValueSource(strings = {"after", "before"})
    void whatWasStoppedGoesOnAsIfNothingHadHappened(String norm) throws IOException {
        String recipe = RECIPE.replace("norm: after", "norm: " + norm).replace("dropout: 0", "dropout: 0.1");
        train(recipe, "whole", false, 99);
        train(recipe, "parts", false, 7);
        train(recipe, "parts", true, 99);
        assertThat(Files.readAllBytes(folder.resolve("parts/checkpoints/step-20/training.safetensors")))
                .isEqualTo(Files.readAllBytes(folder.resolve("whole/checkpoints/step-20/training.safetensors")));
        assertThat(Files.readAllBytes(folder.resolve("parts/model.safetensors")))
                .isEqualTo(Files.readAllBytes(folder.resolve("whole/model.safetensors")));
        assertThat(translate("whole", "red green blue")).isNotNull();
    }

    @Test
    void embeddingsAreInTheFileOnce() throws IOException {
        train(RECIPE, "out", false, 99);
        try (Checkpoint model = Checkpoints.open(folder.resolve("out"))) {
            assertThat(model.tensors())
                    .containsKeys("model.shared.weight", "model.decoder.layers.0.encoder_attn.q_proj.weight")
                    .doesNotContainKeys("lm_head.weight", "model.encoder.embed_tokens.weight");
        }
    }

    private static final String SIGNED = RECIPE.replace(
                    "{file: pairs.tsv}", "{file: signed.tsv, validation: dev.tsv, protect: true}")
            .replace("tokenizer: words", "tokenizer: unigram\nvocabulary: 310\nsubword_sampling: 0.1")
            .replace("max_tokens: 8", "max_tokens: 16")
            .replace("test: 0.1", "test: 0");

    private void writeSigned() throws IOException {
        StringBuilder tsv = new StringBuilder("source\ttarget\n");
        for (String verb : new String[] {"open", "close"}) {
            for (String what : new String[] {"%s", "{0}", "7", "<br/>", "-x", "1.5"}) {
                for (String when : new String[] {"now", "soon"}) {
                    tsv.append("%1$s %2$s %3$s\t%3$s %2$s %1$s\n".formatted(verb, what, when));
                }
            }
        }
        Files.writeString(folder.resolve("signed.tsv"), tsv + "lost %s\tlost\n");
        Files.writeString(folder.resolve("dev.tsv"), "source\ttarget\nopen %d soon\tsoon %d open\n");
    }

    @Test
    void placeholdersComeThroughAsTheyAreAndLongTextsInParts() throws IOException {
        writeSigned();
        train(SIGNED.replace("steps: 20", "steps: 200").replace("every: 10", "every: 200"), "out", false, 999);
        assertThat(translate("out", "open %1$s soon")).isEqualTo("soon %1$s open");
        assertThat(translate("out", "close https://a.org/?q=%20 now")).isEqualTo("now https://a.org/?q=%20 close");
        String longer = translate("out", "open 1 now. ".repeat(30) + "close 2 soon");
        assertThat(longer.split(" ")).filteredOn("1"::equals).hasSize(30);
        assertThat(longer.split(" ")).filteredOn("2"::equals).hasSize(1);
        assertThat(translate("out", "x".repeat(500) + " 3 日本")).contains("3");
        assertThat(translate("out", " ")).isEmpty();
    }

    @Test
    void trainingWithSampledCutsGoesOnAsIfNothingHadHappened() throws IOException {
        writeSigned();
        train(SIGNED, "whole", false, 99);
        train(SIGNED, "parts", false, 7);
        train(SIGNED, "parts", true, 99);
        assertThat(Files.readAllBytes(folder.resolve("parts/model.safetensors")))
                .isEqualTo(Files.readAllBytes(folder.resolve("whole/model.safetensors")));
        assertThatThrownBy(() -> train(SIGNED.replace("unigram", "bpe"), "other", false, 1))
                .hasMessage("subword_sampling needs a tokenizer of the unigram model, not of BPE");
    }

    @Test
    void whatCannotBeLearnedFromIsRefused() throws IOException {
        assertThatThrownBy(() -> train(RECIPE.replace("words", "morphemes"), "out", false, 1))
                .hasMessageContaining("must be words, characters, bpe, unigram or a tokenizer.json");
        assertThatThrownBy(() -> train(RECIPE.replace("heads: 2", "heads: 3"), "out", false, 1))
                .hasMessageContaining("model.width must be divisible by the 3 heads");
        assertThatThrownBy(() -> train(RECIPE.replace("max_tokens: 8", "max_tokens: 3"), "out", false, 1))
                .hasMessageContaining("0 pairs of at most 3 tokens are too few");
        Files.writeString(folder.resolve("pairs.tsv"), "source\ttarget\n");
        assertThatThrownBy(() -> train(RECIPE, "out", false, 1)).hasMessageContaining("the data has no pair");
        Files.writeString(folder.resolve("pairs.tsv"), "source\ttarget\nred\n");
        assertThatThrownBy(() -> train(RECIPE, "out", false, 1))
                .hasMessageContaining("line 2 has 1 values, the first line names 2 columns");
    }
}
