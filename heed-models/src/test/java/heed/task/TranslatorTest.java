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
    void aTextThatIsTooLongIsTranslatedInParts() {
        try (Model model = open("marian")) {
            Translator translator = new Translator(model, Decoding.greedy().maxNewTokens(5));
            String sentence = "the cat is in the house . ";
            Translator.Translation whole = translator.translate(sentence.repeat(3));
            assertThat(whole.text()).doesNotContain("  ");
            Translator.Translation parts = translator.translate(sentence.repeat(9));
            assertThat(parts.source()).isEqualTo(sentence.repeat(9));
            assertThat(parts.text().split(" ").length)
                    .isGreaterThan(whole.text().split(" ").length);
            assertThat(translator.translate("cat ".repeat(10_000)).text()).isNotEmpty();
        }
    }

    @Test
    void anEmptyTextStaysEmptyAmongOthers() {
        try (Model model = open("marian")) {
            Translator translator = new Translator(model, Decoding.greedy().maxNewTokens(5));
            List<Translator.Translation> found = translator.translate(List.of("", "the cat", " \t"));
            assertThat(found).extracting(Translator.Translation::text).first().isEqualTo("");
            assertThat(found.get(1)).isEqualTo(translator.translate("the cat"));
            assertThat(found.get(2)).isEqualTo(new Translator.Translation(" \t", "", 0));
        }
    }

    @Test
    void beamsGiveSeveralTranslationsTheBestFirst() {
        try (Model model = open("marian")) {
            List<Translator.Translation> ways = new Translator(
                            model, Decoding.beams(4).sequences(3))
                    .nBest(List.of("the house is small ."))
                    .getFirst();
            assertThat(ways).hasSize(3);
            assertThat(ways)
                    .extracting(Translator.Translation::score)
                    .isSortedAccordingTo(java.util.Comparator.reverseOrder());
            assertThat(ways.getFirst()).isEqualTo(new Translator(model).translate("the house is small ."));
        }
    }

    @Test
    void lengthsThatTheModelLacksAreRefused() {
        try (Model model = open("marian")) {
            assertThatThrownBy(() -> new Translator(model, Decoding.greedy().maxNewTokens(41)).translate("the cat"))
                    .hasMessageContaining("41 new ones are wanted, the model takes at most 40");
        }
    }
}
