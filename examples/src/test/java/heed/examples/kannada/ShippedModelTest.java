package heed.examples.kannada;

import static org.assertj.core.api.Assertions.assertThat;

import heed.corpus.Protection;
import heed.corpus.Protection.Protected;
import heed.model.Model;
import heed.model.Models;
import heed.task.Translator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The model in `models/en-kn`, which `examples/kannada/train.yaml` made.
class ShippedModelTest {
    private static final int LEAST_EXACT = 120;

    @SuppressWarnings("NullAway.Init")
    private static Model model;

    @SuppressWarnings("NullAway.Init")
    private static Translator translator;

    @BeforeAll
    static void open() {
        model = Models.open(Path.of("../models/en-kn"));
        translator = new Translator(model);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void theSentenceOfTheLecturesIsTranslated() {
        assertThat(translator.translate("my name is aj").text()).isEqualTo("ನನ್ನ ಹೆಸರು ಅಜ್");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cannot open %s: %d errors",
                "Press <b>Enter</b> to continue",
                "{0} files of {1} were copied",
                "See https://example.org/help?page=7 for more",
                "Version 25.0.1 is installed",
                "Use --force to replace the file",
                "${name} has sent you a message",
                "10 of 100 steps",
            })
    void whatIsNoLanguageComesOutAsItWentIn(String text) {
        String translation = translator.translate(text).text();
        assertThat(translation).matches("(?s).*\\p{IsKannada}.*");
        assertThat(spans(text)).isNotEmpty();
        assertThat(spans(translation)).containsExactlyInAnyOrderElementsOf(spans(text));
    }

    private static List<String> spans(String text) {
        return Protection.of(text).spans().stream().map(Protected::text).toList();
    }

    @Test
    void mostSentencesWithHeldBackNamesAndTemplatesAreExact() throws IOException {
        List<WrittenSentences.Case> cases = new WrittenSentences(Path.of("kannada"), Set.of()).cases();
        List<Translator.Translation> translations = translator.translate(
                cases.stream().map(one -> one.pair().source()).toList());
        long exact = 0;
        for (int i = 0; i < cases.size(); i++) {
            exact += translations.get(i).text().equals(cases.get(i).pair().target()) ? 1 : 0;
        }
        assertThat(exact).as("of %d", cases.size()).isGreaterThanOrEqualTo(LEAST_EXACT);
    }
}
