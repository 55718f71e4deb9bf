package heed.task;

import static org.assertj.core.api.Assertions.assertThat;

import heed.subword.LearningProgress;
import heed.text.Tokenizer;
import heed.text.TokenizerRecipe;
import heed.text.TokenizerRecipe.Kind;
import heed.text.TokenizerTrainer;
import heed.text.Tokenizers;
import java.io.IOException;
import java.lang.Character.UnicodeScript;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnknownScriptsTest {
    private static final List<String> TEXTS =
            List.of("the cat sees the house", "ಮನೆ ಮತ್ತು ಬೆಕ್ಕು", "the house and the cat", "ಬೆಕ್ಕು ಮನೆ ನೋಡುತ್ತದೆ");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Tokenizer learned(Kind kind, int size) throws IOException {
        TokenizerTrainer trainer = new TokenizerTrainer(TokenizerRecipe.of(kind, size));
        TEXTS.forEach(trainer::add);
        trainer.learn(LearningProgress.none()).write(folder);
        return Tokenizers.open(folder);
    }

    @Test
    void lettersThatWereNeverLearnedAreToldByTheirScript() throws IOException {
        try (Tokenizer tokenizer = learned(Kind.UNIGRAM, 320)) {
            assertThat(UnknownScripts.in("дом", tokenizer)).containsExactly(UnicodeScript.CYRILLIC);
            assertThat(UnknownScripts.in("the дом ಮನೆ 猫", tokenizer))
                    .containsExactlyInAnyOrder(UnicodeScript.CYRILLIC, UnicodeScript.HAN);
        }
    }

    @Test
    void unknownLettersOfAKnownScriptAndSignsOfNoneAreNothingToTell() throws IOException {
        try (Tokenizer tokenizer = learned(Kind.UNIGRAM, 320)) {
            assertThat(UnknownScripts.in("the žebra", tokenizer)).isEmpty();
            assertThat(UnknownScripts.in("", tokenizer)).isEmpty();
            assertThat(UnknownScripts.in(" 1 + 2 = 3 \u200C \uD83D\uDE00", tokenizer))
                    .isEmpty();
        }
    }

    @Test
    void ofAVocabularyOfBytesNothingIsTold() throws IOException {
        try (Tokenizer tokenizer = learned(Kind.BYTE_BPE, 300)) {
            assertThat(UnknownScripts.in("the дом", tokenizer)).isEmpty();
        }
    }
}
