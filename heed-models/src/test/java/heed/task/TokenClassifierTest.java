package heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.model.Model;
import heed.model.Models;
import heed.model.Outputs;
import heed.task.TokenClassifier.Entity;
import heed.task.TokenClassifier.Labelled;
import heed.task.TokenClassifier.LabelledToken;
import heed.tensor.Tensor;
import heed.text.Encoding;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TokenClassifierTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @Test
    void everyTokenGetsItsMostProbableLabel() {
        String text = "paris is the capital of the river bank";
        try (Model model = Models.open(GOLDEN.resolve("roberta/token-classification"))) {
            TokenClassifier classifier = new TokenClassifier(model);
            Labelled labelled = classifier.classify(text);

            Encoding encoding = model.encode(text, null);
            Tensor logits = Objects.requireNonNull(
                    Outputs.of(model, Model.batchOf(encoding), false, false).get("logits")); // [1, T, C]
            assertThat(labelled.tokens()).hasSize(encoding.length() - 2); // without <s> and </s>
            for (int i = 0; i < labelled.tokens().size(); i++) {
                LabelledToken token = labelled.tokens().get(i);
                float[] row = logits.part(0).part(i + 1).reshape(1, 5).softmax().toArray();
                int label = classifier.labels().indexOf(token.label());
                assertThat(row[label]).isEqualTo((float) token.probability());
                for (float other : row) {
                    assertThat(other).isLessThanOrEqualTo(row[label]);
                }
                assertThat(token.token()).isEqualTo(encoding.tokens().get(i + 1));
            }
            assertThat(classifier.classify(List.of("the bank", text)).getLast()).isEqualTo(labelled);
        }
    }

    @Test
    void neighboursOfOneClassAreOneEntityUntilAnotherBegins() {
        Labelled labelled = new Labelled(
                "Ann Lee met Bob in Oslo",
                List.of(
                        new LabelledToken("Ann", "B-PER", 0.9, 0, 3),
                        new LabelledToken("ĠLee", "I-PER", 0.7, 3, 7),
                        new LabelledToken("Ġmet", "O", 0.8, 7, 11),
                        new LabelledToken("ĠBob", "I-PER", 0.6, 11, 15),
                        new LabelledToken("Ġin", "B-PER", 0.5, 15, 18),
                        new LabelledToken("ĠOslo", "LOC", 0.4, 18, 23)));
        assertThat(labelled.entities()).hasSize(4);
        Entity first = labelled.entities().getFirst();
        assertThat(first.text()).isEqualTo("Ann Lee");
        assertThat(first.label()).isEqualTo("PER");
        assertThat(first.probability()).isCloseTo(0.8, within(1e-9));
        assertThat(labelled.entities().stream().map(Entity::text)).containsExactly("Ann Lee", "Bob", "in", "Oslo");
        assertThat(labelled.entities().getLast().start()).isEqualTo(19);
    }

    @Test
    void refusesAModelThatClassifiesNoTokens() {
        try (Model model = Models.open(GOLDEN.resolve("roberta/masked-lm"))) {
            assertThat(TokenClassifier.fits(model)).isFalse();
            assertThatThrownBy(() -> new TokenClassifier(model))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("RobertaForMaskedLM, which does not classify tokens");
        }
    }
}
