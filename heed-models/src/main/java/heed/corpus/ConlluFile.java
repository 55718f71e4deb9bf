package heed.corpus;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Treebanks as Universal Dependencies keep them: a word a line in ten columns with tabs between, a blank line
/// behind each sentence (universaldependencies.org/format.html). Comments, words that stand for several (`3-4`)
/// and words that are not there (`8.1`) are passed over.
public final class ConlluFile {
    private static final int COLUMNS = 10;
    private static final int FORM = 1;
    private static final int TAG = 3;
    private static final int HEAD = 6;
    private static final int RELATION = 7;

    private final String name;
    private final List<DependencySentence> sentences = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private final List<String> tags = new ArrayList<>();
    private final List<Integer> heads = new ArrayList<>();
    private final List<String> relations = new ArrayList<>();
    private final List<Integer> lines = new ArrayList<>();
    private int number;

    private ConlluFile(String name) {
        this.name = name;
    }

    /// @throws CorpusException when it cannot be read, naming the line
    public static List<DependencySentence> read(Path file) {
        String name = file.toString();
        return parse(Charsets.text(Charsets.bytes(file), StandardCharsets.UTF_8, name), name);
    }

    /// @param name for messages
    /// @throws CorpusException naming the line that is malformed
    public static List<DependencySentence> parse(String text, String name) {
        ConlluFile file = new ConlluFile(name);
        text.lines().forEach(file::line);
        file.endSentence();
        if (file.sentences.isEmpty()) {
            throw new CorpusException(name + " has no sentences");
        }
        return List.copyOf(file.sentences);
    }

    private void line(String line) {
        number++;
        if (line.isBlank()) {
            endSentence();
        } else if (!line.startsWith("#")) {
            word(line.split("\t", -1));
        }
    }

    private void word(String[] columns) {
        if (columns.length != COLUMNS) {
            throw wrong("has " + columns.length + (columns.length == 1 ? " column" : " columns") + ", a word has "
                    + COLUMNS + " with tabs between");
        }
        if (columns[0].matches("\\d+[-.]\\d+")) {
            return;
        }
        if (!columns[0].equals(String.valueOf(words.size() + 1))) {
            throw wrong("has the number '" + columns[0] + "', the word is number " + (words.size() + 1));
        }
        if (!columns[HEAD].matches("\\d{1,6}")) {
            throw wrong("depends on '" + columns[HEAD] + "', the number of a word is needed, or 0 for the root");
        }
        if (columns[FORM].isBlank()) {
            throw wrong("has no word");
        }
        words.add(columns[FORM].strip());
        lines.add(number);
        tags.add(columns[TAG]);
        heads.add(Integer.parseInt(columns[HEAD]));
        relations.add(columns[RELATION]);
    }

    private CorpusException wrong(String what) {
        return new CorpusException(name + ", line " + number + " " + what);
    }

    private void endSentence() {
        int size = words.size();
        if (size == 0) {
            return;
        }
        for (int w = 0; w < size; w++) {
            if (heads.get(w) > size || heads.get(w) == w + 1) {
                throw new CorpusException(name + ", line " + lines.get(w) + " depends on word " + heads.get(w)
                        + (heads.get(w) > size ? ", the sentence has " + size + " words" : ", which is itself"));
            }
        }
        sentences.add(new DependencySentence(words, tags, heads, relations));
        words.clear();
        lines.clear();
        tags.clear();
        heads.clear();
        relations.clear();
    }
}
