package heed.corpus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Pairs in a file with a pair in each line: source, a tab, target, and maybe more columns, of which the third
/// is the origin.
public final class PairTable {
    private PairTable() {}

    /// @throws CorpusException naming the line that has too few columns or is not UTF-8
    public static List<TextPair> read(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            String text = Charsets.decode(bytes, StandardCharsets.UTF_8)
                    .orElseThrow(() -> new CorpusException(
                            file + ", line " + Charsets.lineOfError(bytes, StandardCharsets.UTF_8) + " is not UTF-8"));
            return parse(text, file.toString());
        } catch (IOException e) {
            throw new CorpusException(
                    "cannot read " + file + ": " + (Files.exists(file) ? e.getMessage() : "there is no such file"), e);
        }
    }

    private static List<TextPair> parse(String text, String name) throws IOException {
        List<TextPair> pairs = new ArrayList<>();
        BufferedReader reader =
                new BufferedReader(new StringReader(text.startsWith("\uFEFF") ? text.substring(1) : text));
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            String[] columns = line.split("\t", -1);
            if (columns.length < 2) {
                throw new CorpusException(
                        name + ", line " + number + " has 1 column, a source and a target need a tab between them");
            }
            pairs.add(new TextPair(columns[0], columns[1], columns.length > 2 ? columns[2] : name + ":" + number));
        }
        return pairs;
    }
}
