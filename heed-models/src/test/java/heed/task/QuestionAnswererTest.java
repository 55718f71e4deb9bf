package heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.model.Model;
import heed.model.Models;
import heed.task.QuestionAnswerer.Answer;
import heed.text.Encoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Span answers against those that `src/test/golden/make_encoders.py` computes with Hugging Face's tokenizers
/// and models, window by window.
class QuestionAnswererTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private static JsonNode expected(Path folder) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve("answers.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"roberta", "distilbert"})
    void aLongContextIsReadInWindowsThatShareTokens(String family) throws IOException {
        Path folder = GOLDEN.resolve(family).resolve("question-answering");
        JsonNode golden = expected(folder);
        try (Model model = Models.open(folder)) {
            Encoding whole = model.tokenizer()
                    .encode(
                            golden.get("question").asString(),
                            golden.get("context").asString());
            List<Encoding> windows = whole.windows(
                    golden.get("window").asInt(), golden.get("overlap").asInt());
            List<List<Integer>> ids = windows.stream()
                    .map(window -> Arrays.stream(window.ids()).boxed().toList())
                    .toList();
            List<List<Integer>> theirs = new ArrayList<>();
            golden.get("windows")
                    .forEach(window ->
                            theirs.add(window.valueStream().map(JsonNode::asInt).toList()));
            assertThat(ids).isEqualTo(theirs);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"roberta", "distilbert"})
    void theBestAnswersOfAllWindowsAreThoseOfHuggingFace(String family) throws IOException {
        Path folder = GOLDEN.resolve(family).resolve("question-answering");
        JsonNode golden = expected(folder);
        AnswerOptions options = AnswerOptions.defaults()
                .withMaxTokens(golden.get("window").asInt())
                .withOverlap(golden.get("overlap").asInt())
                .withMaxAnswerTokens(golden.get("longest").asInt());
        try (Model model = Models.open(folder)) {
            String question = golden.get("question").asString();
            String context = golden.get("context").asString();
            List<Answer> answers = new QuestionAnswerer(model, options)
                    .answers(question, context, golden.get("answers").size());
            for (int i = 0; i < answers.size(); i++) {
                JsonNode theirs = golden.get("answers").get(i);
                assertThat(answers.get(i).text()).isEqualTo(theirs.get("text").asString());
                assertThat(answers.get(i).start()).isEqualTo(theirs.get("start").asInt());
                assertThat(answers.get(i).end()).isEqualTo(theirs.get("end").asInt());
                assertThat(answers.get(i).score()).isCloseTo(theirs.get("score").asDouble(), within(1e-6));
            }
            assertThat(answers).hasSameSizeAs(golden.get("answers"));

            List<Answer> all = new QuestionAnswerer(model, options.orNone(true)).answers(question, context, 1000);
            Answer none = all.stream().filter(Answer::none).findFirst().orElseThrow();
            assertThat(none.score()).isCloseTo(golden.get("none").asDouble(), within(1e-7));
            assertThat(none.text()).isEmpty();
            assertThat(all).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
        }
    }

    @Test
    void saysWhatIsWrongWithAQuestionOrAModel() {
        Path folder = GOLDEN.resolve("roberta/question-answering");
        try (Model model = Models.open(folder);
                Model other = Models.open(GOLDEN.resolve("roberta/masked-lm"))) {
            QuestionAnswerer answerer = new QuestionAnswerer(model);
            assertThatThrownBy(() -> answerer.answer(" ", "the bank")).hasMessageContaining("the question is empty");
            assertThatThrownBy(() -> answerer.answer("who?", "\n")).hasMessageContaining("the context is empty");
            assertThatThrownBy(() -> answerer.answer("who can lend money to a person?", "the bank is by the river"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("windows of 17 tokens have room for 0 of the second text");
            assertThatThrownBy(() -> answerer.answers("who?", "the bank", 0)).hasMessageContaining("at least 1");
            assertThatThrownBy(() -> new QuestionAnswerer(other))
                    .hasMessageContaining("RobertaForMaskedLM, which finds no answers");
        }
    }
}
