package heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.family.TokenBatch;
import heed.model.AttentionMaps;
import heed.model.Model;
import heed.model.Models;
import heed.model.Outputs;
import heed.tensor.Tensor;
import heed.text.TokenizerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// The tasks on tiny checkpoints; [heed.family.BertGoldenTest] holds what they stand on to Hugging Face.
class TasksTest {
    private static Model open(String name) {
        return Models.open(Path.of("src/test/resources/golden/bert", name));
    }

    @Test
    void aVectorDoesNotDependOnTheTextsBesideIt() {
        try (Model model = open("base")) {
            Embedder embedder = new Embedder(model);
            List<String> texts = List.of("the bank", "a cat sat on the mat.", "the river", "money");
            List<float[]> together = embedder.embed(texts);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(together.get(i)).containsExactly(embedder.embed(texts.get(i)));
            }
        }
    }

    @Test
    void meanAndClsPoolWhatTheNamesSay() {
        try (Model model = open("base")) {
            TokenBatch batch = Model.batchOf(model.encode("the bank", null));
            Tensor hidden = Objects.requireNonNull(
                            Outputs.of(model, batch, false, false).get("last_hidden_state"))
                    .part(0);
            EmbedOptions plain = new EmbedOptions(Pooling.CLS, false, 0);
            assertThat(new Embedder(model, plain).embed("the bank"))
                    .containsExactly(hidden.part(0).toArray());
            float[] mean = new Embedder(model, plain.pooling(Pooling.MEAN)).embed("the bank");
            double expected = 0;
            for (int t = 0; t < hidden.size(0); t++) {
                expected += hidden.at(t, 3) / hidden.size(0);
            }
            assertThat((double) mean[3]).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void vectorsHaveLengthOneUnlessAskedOtherwise() {
        try (Model model = open("base")) {
            float[] vector = new Embedder(model).embed("the bank");
            assertThat(Embedder.cosine(vector, vector)).isCloseTo(1, within(1e-6));
            double squares = 0;
            for (float x : vector) {
                squares += x * x;
            }
            assertThat(squares).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void aTextThatIsTooLongIsRefusedWithTheLimitOrCutWhenAsked() {
        String text = "the bank ".repeat(40);
        try (Model model = open("base")) {
            Embedder embedder = new Embedder(model);
            assertThatThrownBy(() -> embedder.embed(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("base takes at most 23");
            assertThat(new Embedder(model, embedder.options().truncateTo(1000)).embed(text))
                    .hasSize(35);
        }
    }

    @Test
    void emptyTextsAreRefusedWithTheirNumber() {
        try (Model model = open("base")) {
            assertThatThrownBy(() -> new Embedder(model).embed(List.of("the bank", " ")))
                    .hasMessage("text 2 is empty");
            assertThatThrownBy(() -> model.look("")).hasMessage("the text is empty");
        }
    }

    @Test
    void theProbabilitiesOfAMaskAreTheSoftmaxOfItsLogits() {
        try (Model model = open("masked-lm")) {
            String text = "the [MASK] sat on the [MASK].";
            List<List<Candidate>> filled = new FillMask(model).fill(text, 101);
            assertThat(filled).hasSize(2);
            int[] ids = model.encode(text, null).ids();
            Tensor logits = Objects.requireNonNull(
                            Outputs.of(model, TokenBatch.of(ids), false, false).get("logits"))
                    .part(0);
            int position = 2;
            assertThat(ids[position]).isEqualTo(model.tokenizer().maskId().orElseThrow());
            float[] expected = logits.rows(position, position + 1).softmax().toArray();
            double sum = 0;
            double previous = 1;
            for (Candidate candidate : filled.getFirst()) {
                assertThat(candidate.probability()).isCloseTo(expected[candidate.id()], within(1e-6));
                assertThat(candidate.probability()).isLessThanOrEqualTo(previous);
                previous = candidate.probability();
                sum += previous;
            }
            assertThat(sum).isCloseTo(1, within(1e-5));
            assertThatThrownBy(() -> new FillMask(model).fill("the cat", 5)).hasMessageContaining("no [MASK] to fill");
        }
    }

    @Test
    void classesExcludeEachOtherUnlessTheModelSaysOtherwise() {
        try (Model one = open("sequence-classification");
                Model several = open("sequence-classification-multi")) {
            Map<String, Double> exclusive = new Classifier(one).classify("the bank");
            assertThat(exclusive).containsOnlyKeys("negative", "neutral", "positive");
            assertThat(exclusive.values().stream()
                            .mapToDouble(Double::doubleValue)
                            .sum())
                    .isCloseTo(1, within(1e-6));

            Map<String, Double> independent = new Classifier(several).classify("the bank");
            TokenBatch batch = Model.batchOf(several.encode("the bank", null));
            Tensor logits = Objects.requireNonNull(
                    Outputs.of(several, batch, false, false).get("logits"));
            assertThat(independent.get("insult")).isCloseTo(1 / (1 + Math.exp(-logits.at(0, 3))), within(1e-6));
        }
    }

    @Test
    void aModelWithoutTheHeadThatATaskNeedsIsRefused() {
        try (Model model = open("base")) {
            assertThatThrownBy(() -> new FillMask(model)).hasMessageContaining("predicts no masked words");
            assertThatThrownBy(() -> new Classifier(model)).hasMessageContaining("does not classify texts");
        }
    }

    @Test
    void aModelWithoutTokenizerStillTakesIds() {
        try (Model model = open("no-tokenizer")) {
            assertThat(Outputs.of(model, TokenBatch.of(2, 17, 3), false, false)).containsKey("last_hidden_state");
            assertThatThrownBy(model::tokenizer).isInstanceOf(TokenizerException.class);
            assertThatThrownBy(() -> Outputs.of(model, TokenBatch.of(2, 101, 3), false, false))
                    .hasMessage("token id 101 is outside the table, which has rows 0 to 100");
        }
    }

    @Test
    void wordsKnowWhereTheyStandAndPoolTheirPieces() {
        try (Model model = open("base")) {
            String text = "the bank, lent";
            List<WordVectors.WordVector> words = new WordVectors(model).of(text);
            for (WordVectors.WordVector word : words) {
                assertThat(text.substring(word.start(), word.end())).isEqualTo(word.word());
                assertThat(word.vector()).hasSize(35);
            }
            assertThat(words.getFirst().word()).isEqualTo("the");
            assertThatThrownBy(() -> new WordVectors(model).of(text, 4)).hasMessageContaining("base has 0");
        }
    }

    @Test
    void aLookShowsEveryHeadAndItsRowsSumToOne() {
        try (Model model = open("base")) {
            AttentionMaps maps = model.look("the bank", "the river");
            assertThat(maps.layers()).isEqualTo(3);
            assertThat(maps.heads()).isEqualTo(5);
            for (float[] row : maps.layer(2).head(4).weights()) {
                double sum = 0;
                for (float weight : row) {
                    sum += weight;
                }
                assertThat(sum).isCloseTo(1, within(1e-5));
            }
            double mean = 0;
            for (int head = 0; head < maps.heads(); head++) {
                mean += maps.layer(1).head(head).weights()[2][3] / (double) maps.heads();
            }
            assertThat((double) maps.layer(1).mean().weights()[2][3]).isCloseTo(mean, within(1e-6));
            assertThatThrownBy(() -> maps.layer(3)).hasMessage("layer 3 does not exist, base has layers 0 to 2");
            assertThatThrownBy(() -> maps.layer(0).head(5)).hasMessageContaining("head 5 does not exist");
        }
    }

    @Test
    void manyThreadsShareOneModelAndGetTheSame() throws Exception {
        try (Model model = open("base");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Embedder embedder = new Embedder(model);
            float[] alone = embedder.embed("the person by the river bank");
            List<Callable<float[]>> calls = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                calls.add(() -> embedder.embed("the person by the river bank"));
            }
            for (Future<float[]> result : threads.invokeAll(calls)) {
                assertThat(result.get()).containsExactly(alone);
            }
        }
    }

    @Test
    void aClosedModelSaysSo() {
        Model model = open("base");
        model.close();
        model.close();
        assertThatThrownBy(() -> model.look("the bank"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the model base is closed");
    }
}
