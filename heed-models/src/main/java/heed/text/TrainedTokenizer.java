package heed.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A tokenizer that was learned, as Hugging Face's library reads it.
///
/// @param json the text of `tokenizer.json`
/// @param settings the text of `tokenizer_config.json`
/// @param size of the vocabulary; less than was asked for where the texts had no more to learn
public record TrainedTokenizer(String json, String settings, int size) {
    /// Writes both files.
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("tokenizer.json"), json + "\n");
        Files.writeString(folder.resolve("tokenizer_config.json"), settings + "\n");
    }
}
