package heed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import heed.text.Tokenizer;
import heed.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `heed tokenizer train` on files.
class TokenizerCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static HeedRun train(String... arguments) {
        List<String> all = new ArrayList<>(List.of("tokenizer", "train"));
        all.addAll(List.of(arguments));
        return HeedRun.heed(all.toArray(String[]::new));
    }

    @Test
    void aJointVocabularyOfTwoColumns() throws IOException {
        Path pairs = Files.writeString(
                folder.resolve("pairs.tsv"), "my name is aj\tನನ್ನ ಹೆಸರು ಅಜ್\nyour name\tನಿಮ್ಮ ಹೆಸರು\n".repeat(3));
        Path out = folder.resolve("joint");
        HeedRun result = train(
                "--type",
                "unigram",
                "--vocab",
                "60",
                "--frame",
                "A </s>",
                "--out",
                out.toString(),
                pairs + "#1",
                pairs + "#2");
        assertThat(result.err()).contains("tokens from").contains("joint");
        assertThat(result.status()).isZero();
        try (Tokenizer tokenizer = Tokenizers.open(out)) {
            assertThat(tokenizer.vocabularySize()).isLessThanOrEqualTo(60);
            assertThat(tokenizer.decode(tokenizer.encode("my ಹೆಸರು").ids(), true))
                    .isEqualTo("my ಹೆಸರು");
        }
        HeedRun again = train("--type", "bpe", "--vocab", "300", "--out", out.toString(), pairs.toString());
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).contains("has a tokenizer.json already");
    }

    @Test
    void bytesSpellLineEnds() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "the bank of the river\nthe bank\n\n");
        Path out = folder.resolve("bytes");
        HeedRun result = train("--type", "bpe", "--vocab", "5000", "--out", out.toString(), text.toString());
        assertThat(result.status()).isZero();
        assertThat(result.err()).contains("the texts have no more to learn");
        try (Tokenizer tokenizer = Tokenizers.open(out)) {
            String any = "the bank\n\n\tof ಅ 😀 ";
            assertThat(tokenizer.decode(tokenizer.encode(any).ids(), true)).isEqualTo(any);
            assertThat(tokenizer.encode("the bank").length()).isEqualTo(2);
        }
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "abcdef\n");
        String out = folder.resolve("out").toString();
        HeedRun small = train("--type", "unigram", "--vocab", "5", "--out", out, text.toString());
        assertThat(small.status()).isEqualTo(1);
        assertThat(small.err().strip())
                .contains("a vocabulary of 5 is too small")
                .doesNotContain("\n");
        Path empty = Files.writeString(folder.resolve("empty.txt"), "\n");
        assertThat(train("--type", "unigram", "--vocab", "50", "--out", out, empty.toString())
                        .err())
                .contains("there is no text");
        assertThat(train("--type", "unigram", "--level", "byte", "--vocab", "50", "--out", out, text.toString())
                        .status())
                .isEqualTo(2);
        assertThat(train("--type", "wordpiece", "--vocab", "50", "--out", out, text.toString())
                        .status())
                .isEqualTo(2);
        assertThat(Files.exists(Path.of(out))).isFalse();
    }
}
