package heed.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A WordPiece vocabulary small enough to know by heart; a token's id is its place in the list.
final class TinyVocabulary {
    static final List<String> TOKENS = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", // 0 to 4
            "the", "bank", "river", "cafe", "un", "##want", "##ed", "a", "##a", // 5 to 13
            "東", "京", ",", ".", "!", "cat", "##s"); // 14 to 20

    private TinyVocabulary() {}

    static Tokenizer open(Path folder) throws IOException {
        return Tokenizers.open(write(folder, TOKENS));
    }

    static Path write(Path folder, List<String> tokens) throws IOException {
        Files.writeString(folder.resolve("vocab.txt"), String.join("\n", tokens) + "\n");
        return folder;
    }
}
