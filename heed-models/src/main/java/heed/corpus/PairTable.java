package heed.corpus;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Pairs in a file with a pair in each line: source, a tab, target, and maybe more columns, of which the third
/// is the origin.
public final class PairTable {
    private PairTable() {}

    /// @throws CorpusException naming the line that has too few columns or is not UTF-8
    public static List<TextPair> read(Path file) {
        String name = file.toString();
        return parse(Charsets.text(Charsets.bytes(file), StandardCharsets.UTF_8, name), name);
    }

    private static List<TextPair> parse(String text, String name) {
        List<TextPair> pairs = new ArrayList<>();
        int number = 0;
        for (String line :
                (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList()) {
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
