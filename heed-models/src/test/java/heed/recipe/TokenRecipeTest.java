package heed.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.hub.Progress;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.model.Model;
import heed.model.Models;
import heed.subword.LearningProgress;
import heed.text.TokenizerException;
import heed.text.TokenizerRecipe;
import heed.text.TokenizerRecipe.Kind;
import heed.text.TokenizerTrainer;
import heed.training.Trainer;
import heed.training.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Language models of the tokens that a tokenizer was taught.
@NullMarked
class TokenRecipeTest {
    private static final String RECIPE = """
            text: {file: text.txt}
            tokenizer: TOKENIZER
            validation: 0.3
            model: {kind: KIND, layers: 1, width: 8, context: 6}
            batch: 2
            steps: 3
            evaluate: {every: 3}
            sample: {prompt: "PROMPT", length: 4}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void learnATokenizer() throws IOException {
        String text = "the whale and the sea, the sea and the whale;\n".repeat(20);
        Files.writeString(folder.resolve("text.txt"), text);
        TokenizerTrainer trainer = new TokenizerTrainer(TokenizerRecipe.of(Kind.BYTE_BPE, 270));
        trainer.add(text);
        trainer.learn(LearningProgress.none()).write(folder.resolve("tokens"));
    }

    private Training training(String tokenizer, String kind, String prompt, WorkerPool workers) throws IOException {
        String text =
                RECIPE.replace("TOKENIZER", tokenizer).replace("KIND", kind).replace("PROMPT", prompt);
        Path recipe = Files.writeString(folder.resolve("recipe.yaml"), text);
        return LanguageTraining.of(
                LanguageRecipe.read(recipe, 0),
                folder.resolve("out"),
                Progress.none(),
                KernelProvider.vector().orElseThrow(),
                workers);
    }

    private static final class Quiet implements Training.Watcher {
        @Override
        public void stepped(Trainer.Step step, int tokens, long of) {}

        @Override
        public void evaluated(TrainingLoop.Evaluation evaluation, TrainingLoop.Progress progress) {}
    }

    @ParameterizedTest
    @CsvSource({"tokens, transformer", "tokens/tokenizer.json, lstm"})
    void theModelGetsTheTokenizerThatTheRecipeNames(String tokenizer, String kind) throws IOException {
        try (WorkerPool workers = WorkerPool.of(1)) {
            Training training = training(tokenizer, kind, "the whale", workers);
            assertThat(training.summary().getFirst()).contains("270 different tokens");
            assertThat(training.run(false, new Quiet(), () -> false)).isEqualTo(TrainingLoop.End.DONE);
            assertThat(training.results().getFirst()).startsWith("the whale");
        }
        for (String file : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            assertThat(Files.readString(folder.resolve("out").resolve(file)))
                    .isEqualTo(Files.readString(folder.resolve("tokens").resolve(file)));
        }
        if (kind.equals("transformer")) {
            try (Model model = Models.open(folder.resolve("out"))) {
                assertThat(model.config().vocabularySize()).isEqualTo(270);
                assertThat(model.encode("the whale", null).ids()).hasSizeLessThan(9);
            }
        }
    }

    @Test
    void whatCannotBeCutIsSaidAtTheStart() {
        try (WorkerPool workers = WorkerPool.of(1)) {
            assertThatThrownBy(() -> training("absent", "transformer", "the", workers))
                    .isInstanceOf(TokenizerException.class)
                    .hasMessageContaining("there is no tokenizer.json in");
            assertThatThrownBy(() -> training("tokens", "transformer", "", workers))
                    .isInstanceOf(RecipeException.class)
                    .hasMessageContaining("has no tokens");
        }
    }
}
