package heed.corpus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds a word of English in texts in the forms that it regularly takes: "bank" in "banks" and "banked",
/// "carry" in "carried". Irregular forms ("bore" of "bear") are words of their own here.
public final class WordForms {
    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS;
    private static final int SHORTEST_CUT = 5;

    private final String lemma;
    private final Pattern regular;
    private final Pattern beginning;

    /// @param word such as `bank` or `river bank`; WordNet's underscores are spaces
    public WordForms(String word) {
        String plain = word.replace('_', ' ').strip().toLowerCase(Locale.ROOT);
        if (plain.isEmpty()) {
            throw new IllegalArgumentException("the word is empty");
        }
        this.lemma = plain;
        this.regular = Pattern.compile("(?<!\\w)(?:" + forms(plain) + ")(?!\\w)", FLAGS);
        boolean cut = plain.length() >= SHORTEST_CUT && "ey".indexOf(plain.charAt(plain.length() - 1)) >= 0;
        String stem = cut ? plain.substring(0, plain.length() - 1) : plain;
        this.beginning = Pattern.compile("\\b" + Pattern.quote(stem) + "\\w{0,4}\\b", FLAGS);
    }

    private static String forms(String word) {
        List<String> forms = new ArrayList<>();
        forms.add(Pattern.quote(word) + "(?:s|es|ed|d|ing|er|r|est|st)?");
        String stem = word.substring(0, word.length() - 1);
        switch (word.charAt(word.length() - 1)) {
            case 'y' -> forms.add(Pattern.quote(stem) + "(?:ies|ied|ier|iest)");
            case 'e' -> forms.add(Pattern.quote(stem) + "ing");
            case 'f' -> forms.add(Pattern.quote(stem) + "ves");
            case 'b', 'd', 'g', 'l', 'm', 'n', 'p', 'r', 't' ->
                forms.add(Pattern.quote(word + word.charAt(word.length() - 1)) + "(?:ed|ing|er|est)");
            default -> {}
        }
        return String.join("|", forms);
    }

    /// Every place where the word stands.
    public List<Occurrence> all(String text) {
        return regular.matcher(text)
                .results()
                .map(match -> new Occurrence(text, match.start(), match.end()))
                .toList();
    }

    /// Where the word stands in a text that is about it: the first word that begins like it and has at most
    /// four letters more, where a last `e` or `y` may change; the word as it is goes before its regular forms,
    /// and they before others.
    public Optional<Occurrence> first(String text) {
        return beginning
                .matcher(text)
                .results()
                .map(match -> new Occurrence(text, match.start(), match.end()))
                .min(Comparator.comparingInt(this::otherness));
    }

    private int otherness(Occurrence found) {
        String form = found.form();
        return form.equalsIgnoreCase(lemma) ? 0 : regular.matcher(form).matches() ? 1 : 2;
    }
}
