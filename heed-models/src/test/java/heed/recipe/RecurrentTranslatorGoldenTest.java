package heed.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.Safetensors;
import heed.model.DecodingSession;
import heed.model.Model;
import heed.model.Models;
import heed.pass.Watch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Recurrent translators score next tokens as PyTorch does; `golden/make_recurrent_translators.py` made the
/// reference.
@NullMarked
class RecurrentTranslatorGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/golden/recurrent/translators");

    @ParameterizedTest
    @ValueSource(strings = {"lstm-bahdanau", "gru-luong-general", "lstm-luong-dot", "rnn-none"})
    void everyNextTokenIsAsProbableAsInPyTorch(String name) {
        Path folder = GOLDEN.resolve(name);
        try (Model model = Models.open(folder);
                Checkpoint golden = Safetensors.open(folder.resolve("golden.safetensors"))) {
            int[] source = integers(golden, "source");
            int[] target = integers(golden, "target");
            float[] expected = golden.read("log_probabilities");
            int vocabulary = expected.length / target.length;
            // Beside another source, so that neither sees the other's.
            DecodingSession session = model.decode(List.of(new int[] {8, 2}, source), Watch.NONE);
            for (int t = 0; t < target.length; t++) {
                float[] logits = (t == 0
                                ? session.prefill(List.of(new int[] {0}, new int[] {target[0]}))
                                : session.step(4, target[t]))
                        .part(1)
                        .toArray();
                assertThat(logProbabilities(logits))
                        .as("after %d tokens", t + 1)
                        .containsExactly(
                                Arrays.copyOfRange(expected, t * vocabulary, (t + 1) * vocabulary), within(1e-5f));
            }
        }
    }

    private static int[] integers(Checkpoint golden, String name) {
        return Arrays.stream(golden.readIntegers(name))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private static float[] logProbabilities(float[] logits) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        float[] result = new float[logits.length];
        for (int id = 0; id < result.length; id++) {
            result[id] = (float) (logits[id] - Math.log(sum));
        }
        return result;
    }
}
