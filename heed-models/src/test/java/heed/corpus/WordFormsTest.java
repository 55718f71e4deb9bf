package heed.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordFormsTest {
    private static List<String> forms(String word, String text) {
        return new WordForms(word).all(text).stream().map(Occurrence::form).toList();
    }

    @Test
    void aWordIsFoundInItsRegularFormsAndNotInOtherWords() {
        assertThat(forms("bank", "Banks banked; the bank's banker, a banknote, embankment."))
                .containsExactly("Banks", "banked", "bank", "banker");
        assertThat(forms("carry", "carry carries carried carrying carriage"))
                .containsExactly("carry", "carries", "carried", "carrying");
        assertThat(forms("make", "make makes making maker made")).containsExactly("make", "makes", "making", "maker");
        assertThat(forms("stop", "stop stopped stopping stoppage")).containsExactly("stop", "stopped", "stopping");
        assertThat(forms("leaf", "leaf leaves")).containsExactly("leaf", "leaves");
        assertThat(forms("river bank", "the river banks")).containsExactly("river banks");
    }

    @Test
    void theWordAsItIsGoesBeforeItsFormsAndTheyBeforeWordsThatBeginLikeIt() {
        assertThat(new WordForms("set").first("settle sets set"))
                .map(Occurrence::start)
                .contains(12);
        assertThat(new WordForms("set").first("settle sets"))
                .map(Occurrence::start)
                .contains(7);
        assertThat(new WordForms("set").first("settle")).map(Occurrence::form).contains("settle");
        assertThat(new WordForms("comedy").first("a comedic talent"))
                .map(Occurrence::form)
                .contains("comedic");
        assertThat(new WordForms("take_off").first("Take off your hat"))
                .map(Occurrence::form)
                .contains("Take off");
        assertThat(new WordForms("bear").first("she bore it")).isEmpty();
    }

    @Test
    void anEmptyWordIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WordForms(" "))
                .withMessage("the word is empty");
    }
}
