package heed.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.model.Model;
import heed.model.Models;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class PerplexityTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @Test
    void everyTokenIsScoredOnceInWindowsAsHuggingFaceHasThem() throws IOException {
        JsonNode golden = ScoreGolden.read("perplexity.json");
        String text = golden.get("text").asString();
        try (Model model = Models.open(GOLDEN.resolve("generation/gpt2"))) {
            for (JsonNode expected : golden.get("cases")) {
                int context = expected.get("context").asInt();
                int stride = expected.get("stride").asInt();
                Perplexity.Result result = new Perplexity(model, context, stride).of(text, false);
                assertThat(result.tokens()).isEqualTo(expected.get("tokens").asInt());
                assertThat(result.negativeLogLikelihood())
                        .as("context %d, stride %d", context, stride)
                        .isCloseTo(expected.get("nll").asDouble(), within(1e-3));
                assertThat(result.bytes()).isEqualTo(text.length());
            }
        }
    }

    @Test
    void wordsAndBytesShareTheSameLikelihood() {
        Perplexity.Result result = new Perplexity.Result(4, 2, 8, 8 * Math.log(2));
        assertThat(result.perToken()).isCloseTo(4, within(1e-12));
        assertThat(result.perWord()).isCloseTo(16, within(1e-12));
        assertThat(result.perByte()).isCloseTo(2, within(1e-12));
        assertThat(result.bitsPerByte()).isCloseTo(1, within(1e-12));
    }

    @Test
    void aBeginningTokenLetsTheFirstTokenCount() {
        try (Model model = Models.open(GOLDEN.resolve("generation/gpt2"))) {
            Perplexity perplexity = new Perplexity(model, 0, 0);
            assertThat(perplexity.context()).isEqualTo(60);
            assertThat(perplexity.of("the cat sat", true).tokens())
                    .isEqualTo(perplexity.of("the cat sat", false).tokens() + 1);
        }
    }

    @Test
    void whatCannotBeScoredIsRefused() {
        try (Model encoder = Models.open(GOLDEN.resolve("bert/base"));
                Model model = Models.open(GOLDEN.resolve("generation/gpt2"))) {
            assertThatThrownBy(() -> new Perplexity(encoder, 0, 0))
                    .isInstanceOf(ScoreException.class)
                    .hasMessageContaining("predicts the next token");
            assertThatThrownBy(() -> new Perplexity(model, 61, 3)).hasMessageContaining("2 to 60 tokens");
            assertThatThrownBy(() -> new Perplexity(model, 13, 13)).hasMessageContaining("1 to 12");
            assertThatThrownBy(() -> new Perplexity(model, 0, 0).of("", false)).hasMessageContaining("0 tokens");
        }
    }
}
