package heed.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConlluFileTest {
    private static final String TEXT = """
            # sent_id = 1
            1-2\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
            1\tdo\tdo\tAUX\t_\t_\t3\taux\t_\t_
            2\tn't\tnot\tPART\t_\t_\t3\tadvmod\t_\t_
            3\tgo\tgo\tVERB\t_\t_\t0\troot\t_\t_
            3.1\tgone\t_\t_\t_\t_\t_\t_\t_\t_

            1\tyes\tyes\tINTJ\t_\t_\t0\troot\t_\t_
            """;

    @Test
    void wordsAreReadWithTheirHeadsAndOthersPassedOver() {
        assertThat(ConlluFile.parse(TEXT, "x"))
                .containsExactly(
                        new DependencySentence(
                                List.of("do", "n't", "go"),
                                List.of("AUX", "PART", "VERB"),
                                List.of(3, 3, 0),
                                List.of("aux", "advmod", "root")),
                        new DependencySentence(List.of("yes"), List.of("INTJ"), List.of(0), List.of("root")));
    }

    @Test
    void aMalformedLineIsNamed() {
        assertRefused("1 yes", "x, line 1 has 1 column, a word has 10 with tabs between");
        assertRefused("# 1\n" + word("2", "0"), "x, line 2 has the number '2', the word is number 1");
        assertRefused(word("1", "_"), "x, line 1 depends on '_', the number of a word is needed, or 0 for the root");
        assertRefused(word("1", "0") + "\n" + word("2", "7"), "x, line 2 depends on word 7, the sentence has 2 words");
        assertRefused(word("1", "1"), "x, line 1 depends on word 1, which is itself");
        assertRefused("# nothing", "x has no sentences");
    }

    private static String word(String number, String head) {
        return number + "\tyes\t_\tINTJ\t_\t_\t" + head + "\troot\t_\t_";
    }

    private static void assertRefused(String text, String message) {
        assertThatExceptionOfType(CorpusException.class)
                .isThrownBy(() -> ConlluFile.parse(text, "x"))
                .withMessage(message);
    }
}
