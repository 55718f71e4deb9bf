package heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.generation.Decoding;
import heed.generation.Finish;
import heed.generation.Strategy;
import heed.model.Model;
import heed.model.Models;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Translator and Summarizer on tiny checkpoints whose tokenizers split at spaces.
class TranslatorTest {
    private static Model open(String name) {
        return Models.open(Path.of("src/test/resources/golden/generation", name));
    }

    @Test
    void aTranslatorUsesTheBeamsThatTheModelsFilesSay() {
        try (Model model = open("marian")) {
            assertThat(Translator.usual(model).strategy()).isEqualTo(new Strategy.Beams(4, null, null));
            Translator.Translation translation = new Translator(model).translate("the house is small .");
            Continuation same = new TextGenerator(model, Decoding.beams(4)).generate("the house is small .");
            assertThat(translation.source()).isEqualTo("the house is small .");
            assertThat(translation.text()).isEqualTo(same.text()).isNotEmpty();
            assertThat(translation.score()).isEqualTo(same.score()).isNegative();
            assertThat(same.ids()).hasSizeLessThanOrEqualTo(19).endsWith(1);
        }
    }

    @Test
    void greedyTranslationsHaveTheMeanLogProbabilityAsScore() {
        try (Model model = open("marian")) {
            Decoding greedy = Decoding.greedy().maxNewTokens(7);
            Continuation written = new TextGenerator(model, greedy.withLogProbabilities()).generate("the cat");
            double sum = 0;
            for (float one : written.logProbabilities()) {
                sum += one;
            }
            assertThat(new Translator(model, greedy).translate("the cat").score())
                    .isCloseTo(sum / written.ids().length, within(1e-9));
        }
    }

    @Test
    void manyTextsGiveWhatEachGivesAlone() {
        try (Model model = open("marian")) {
            Translator translator = new Translator(model, Decoding.beams(3).maxNewTokens(9));
            List<String> texts =
                    List.of("the house", "a small cat is in the house .", "dog", "she sees the river bank");
            List<Translator.Translation> together = translator.translate(texts);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(together.get(i).text())
                        .isEqualTo(translator.translate(texts.get(i)).text());
            }
        }
    }

    @Test
    void aPrefixIsReadButIsNotPartOfTheSource() {
        try (Model model = open("t5")) {
            Summarizer plain = new Summarizer(model, Decoding.greedy().maxNewTokens(9));
            Summarizer.Summary summary = plain.prefix("small big ").summarize("the house is on the river");
            assertThat(summary.source()).isEqualTo("the house is on the river");
            assertThat(summary.score())
                    .isEqualTo(plain.summarize("small big the house is on the river")
                            .score())
                    .isNotEqualTo(plain.summarize("the house is on the river").score());
        }
    }

    @Test
    void lengthIsNotCutToTwentyWhereTheFilesSayNothing() {
        try (Model model = open("t5")) {
            Decoding greedy = Decoding.greedy().endTokens();
            assertThat(new TextGenerator(model, greedy).generate("the house").ids())
                    .hasSize(20);
            assertThat(new TextGenerator(model, greedy).generate("the house").finish())
                    .isEqualTo(Finish.LENGTH);
            Translator longer = new Translator(model, greedy);
            assertThat(longer.translate("the house").text().split(" ")).hasSizeGreaterThan(20);
        }
    }

    @Test
    void textsThatDoNotFitAreRefusedWithTheirNumber() {
        try (Model model = open("marian")) {
            Translator translator = new Translator(model);
            assertThatThrownBy(() -> translator.translate(List.of("the cat", "cat ".repeat(40))))
                    .hasMessageContaining("text 2 has 41 tokens")
                    .hasMessageContaining("40");
            assertThatThrownBy(() -> translator.translate(List.of("the cat", " ")))
                    .hasMessage("text 2 is empty");
            assertThatThrownBy(() -> new Translator(model, Decoding.greedy().maxNewTokens(41)).translate("the cat"))
                    .hasMessageContaining("41 new ones are wanted, the model takes at most 40");
        }
    }
}
