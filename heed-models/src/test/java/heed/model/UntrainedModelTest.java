package heed.model;

import static org.assertj.core.api.Assertions.assertThat;

import heed.family.TokenBatch;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UntrainedModelTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private static float[] hidden(Model model) {
        return model.run(pass ->
                model.network().encode(TokenBatch.of(1, 5, 7, 2), pass).copy().toArray());
    }

    @Test
    void theSameStructureIsDrawnAnewAndTheSameSeedDrawsTheSame() {
        try (Model trained = Models.open(GOLDEN.resolve("bert/masked-lm"));
                Model first = Models.untrained(trained, 1);
                Model again = Models.untrained(trained, 1);
                Model second = Models.untrained(trained, 2)) {
            assertThat(first.config()).isEqualTo(trained.config());
            assertThat(first.name()).isEqualTo(trained.name() + " with random weights");
            assertThat(hidden(first)).hasSameSizeAs(hidden(trained)).doesNotContain(Float.NaN);
            assertThat(hidden(first)).isNotEqualTo(hidden(trained)).isEqualTo(hidden(again));
            assertThat(hidden(second)).isNotEqualTo(hidden(first));
            assertThat(first.tokenizer().vocabularySize())
                    .isEqualTo(trained.tokenizer().vocabularySize());
        }
    }

    @Test
    void decodersAndEncoderDecodersCanBeDrawnToo() {
        for (String name : new String[] {"generation/gpt2", "generation/t5", "generation/marian"}) {
            try (Model trained = Models.open(GOLDEN.resolve(name));
                    Model drawn = Models.untrained(trained, 3)) {
                assertThat(hidden(drawn)).as(name).doesNotContain(Float.NaN).isNotEqualTo(hidden(trained));
            }
        }
    }
}
