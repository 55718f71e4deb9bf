package heed.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.family.TokenBatch;
import heed.pass.Point;
import heed.pass.Site;
import heed.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecodingSessionTest {
    private final Model model = open("gpt2"); // takes 23 tokens
    private final DecodingSession session = model.decode();

    @AfterEach
    void close() {
        model.close();
    }

    private static Model open(String name) {
        return Models.open(Path.of("src/test/resources/golden/decoders", name));
    }

    /// The scores behind a text, computed from the start.
    private float[] scores(int... ids) {
        Tensor logits = Objects.requireNonNull(
                Outputs.of(model, TokenBatch.of(ids), false, false).get("logits"));
        return logits.part(0).part(ids.length - 1).toArray();
    }

    private void assertRow(Tensor logits, int row, int... ids) {
        assertThat(logits.part(row).toArray())
                .usingComparatorWithPrecision(1e-5f)
                .containsExactly(scores(ids));
    }

    @Test
    void promptsOfDifferentLengthsGoOnTogether() {
        Tensor logits = session.prefill(List.of(new int[] {9, 8, 7}, new int[] {11}));
        assertRow(logits, 0, 9, 8, 7);
        assertRow(logits, 1, 11);
        logits = session.step(12, 13);
        assertRow(logits, 0, 9, 8, 7, 12);
        assertRow(logits, 1, 11, 13);
        assertThat(session.length(0)).isEqualTo(4);
        assertThat(session.length(1)).isEqualTo(2);
    }

    @Test
    void onePromptBecomesBeamsThatTakeEachOthersPlace() {
        session.reserve(20).prefill(List.of(new int[] {9, 8}));
        session.reorder(0, 0, 0);
        session.step(20, 21, 22);
        session.reorder(2, 0, 2);
        Tensor logits = session.step(30, 31, 32);
        assertRow(logits, 0, 9, 8, 22, 30);
        assertRow(logits, 1, 9, 8, 20, 31);
        assertRow(logits, 2, 9, 8, 22, 32);
        session.reorder(1);
        assertRow(session.step(40), 0, 9, 8, 20, 31, 40);
        assertThat(session.sequences()).isEqualTo(1);
    }

    @Test
    void severalTokensAtOnceAreAsGoodAsOneByOne() {
        session.prefill(List.of(new int[] {9, 8}, new int[] {10}));
        Tensor logits = session.feed(List.of(new int[] {11, 12, 13}, new int[] {14}));
        assertRow(logits, 0, 9, 8, 11, 12, 13);
        assertRow(logits, 1, 10, 14);
    }

    @Test
    void aWatchSeesTheRowOfTheNewTokenAtEveryStep() {
        Recording recording = Recording.of(Point.WEIGHTS);
        DecodingSession watched = model.decode(recording);
        watched.prefill(List.of(new int[] {9, 8, 7}));
        assertThat(recording.at(Site.decoder(1), Point.WEIGHTS, 0).shape().toArray())
                .containsExactly(3, 3, 3);
        watched.step(12);
        Tensor weights = recording.at(Site.decoder(1), Point.WEIGHTS, 0);
        assertThat(weights.shape().toArray()).containsExactly(3, 1, 4);
        float sum = 0;
        for (float weight : weights.part(2).toArray()) {
            sum += weight;
        }
        assertThat(sum).isEqualTo(1, within(1e-6f));
    }

    @Test
    void refusesToGoBeyondTheLearnedPositions() {
        session.prefill(List.of(new int[22], new int[] {3}));
        session.step(1, 1);
        assertThatThrownBy(() -> session.step(1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sequence 1 has 24 tokens, gpt2 takes at most 23");
        session.reorder(1); // the other goes on
        assertRow(session.step(5), 0, 3, 1, 5);
    }

    @Test
    void aFailedPromptCanBeMended() {
        assertThatThrownBy(() -> session.prefill(List.of(new int[] {9, 53})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token id 53 is outside the table");
        assertThatThrownBy(() -> session.prefill(List.of(new int[] {})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the sequence has no tokens");
        assertRow(session.prefill(List.of(new int[] {9})), 0, 9);
    }

    @Test
    void refusesStepsThatFitNoSequence() {
        assertThatThrownBy(() -> session.step(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.reorder(0)).isInstanceOf(IllegalStateException.class);
        session.prefill(List.of(new int[] {9}, new int[] {9}));
        assertThatThrownBy(() -> session.step(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tokens of 1 sequences, the session has 2");
        assertThatThrownBy(() -> session.reorder(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> session.prefill(List.of(new int[] {9}))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesModelsThatPredictNoNextToken() {
        try (Model bare = open("llama-model");
                Model encoder = Models.open(Path.of("src/test/resources/golden/bert/masked-lm"))) {
            assertThatThrownBy(bare::decode)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("llama-model is a LlamaModel, which predicts no next token");
            assertThatThrownBy(encoder::decode).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> model.decode(List.of(new int[] {9}), Recording.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("so it takes no source");
    }
}
