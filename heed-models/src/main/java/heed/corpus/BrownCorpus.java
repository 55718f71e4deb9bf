package heed.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The Brown corpus (Francis and Kučera 1964), whose words have tags: `The/at jury/nn said/vbd`, a sentence a
/// line.
public final class BrownCorpus {
    private static final Pattern SAMPLE = Pattern.compile("(?:.*/)?(c[a-r]\\d\\d)");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private BrownCorpus() {}

    /// The sentences of its samples, `ca01` to `cr09`; files of other names are left aside.
    ///
    /// @param files texts by names
    /// @throws CorpusException when there are no samples, or naming the line with a word that has no tag
    public static List<TaggedSentence> sentences(Map<String, String> files) {
        List<TaggedSentence> sentences = new ArrayList<>();
        files.forEach((name, text) -> {
            var sample = SAMPLE.matcher(name);
            if (sample.matches()) {
                read(sample.group(1), text, sentences);
            }
        });
        if (sentences.isEmpty()) {
            throw new CorpusException("there are no samples of the Brown corpus, such as ca01");
        }
        return List.copyOf(sentences);
    }

    private static void read(String name, String text, List<TaggedSentence> sentences) {
        int line = 0;
        int number = 0;
        for (String one : text.lines().toList()) {
            line++;
            if (one.isBlank()) {
                continue;
            }
            List<String> words = new ArrayList<>();
            List<String> tags = new ArrayList<>();
            for (String token : SPACE.split(one.strip())) {
                int slash = token.lastIndexOf('/');
                if (slash < 1 || slash == token.length() - 1) {
                    throw new CorpusException(name + ", line " + line + ": '" + token + "' is no word with its tag");
                }
                words.add(token.substring(0, slash));
                tags.add(token.substring(slash + 1));
            }
            sentences.add(new TaggedSentence(name, ++number, words, tags));
        }
    }
}
