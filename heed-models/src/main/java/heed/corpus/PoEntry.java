package heed.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A text in a catalogue of gettext, with its translations: one, or as many as the language has plural forms.
///
/// @param line where it begins, from 1
/// @param lines as they stand in the file: empty ones before it, comments and flags, text and translations
/// @param context what tells it from equal texts (`msgctxt`)
/// @param id the text (`msgid`)
/// @param plural the text for many (`msgid_plural`)
/// @param translations (`msgstr`); none for lines that are no entry, such as those of an obsolete one
public record PoEntry(
        int line,
        List<String> lines,
        Optional<String> context,
        String id,
        Optional<String> plural,
        List<String> translations) {
    private static final String FLAGS = "#,";
    private static final String FUZZY = "fuzzy";

    public PoEntry {
        lines = List.copyOf(lines);
        translations = List.copyOf(translations);
    }

    /// Lines that say nothing to be translated.
    static PoEntry others(int line, List<String> lines) {
        return new PoEntry(line, lines, Optional.empty(), "", Optional.empty(), List.of());
    }

    /// Whether it is a text, and not lines that are none.
    public boolean isText() {
        return !translations.isEmpty();
    }

    /// Whether every form has a translation.
    public boolean isTranslated() {
        return isText() && translations.stream().noneMatch(String::isEmpty);
    }

    /// Whether somebody has still to look at the translation.
    public boolean isFuzzy() {
        return flags().anyMatch(FUZZY::equals);
    }

    /// Such as `fuzzy` and `c-format`.
    public Stream<String> flags() {
        return lines.stream()
                .filter(line -> line.startsWith(FLAGS))
                .flatMap(line -> Arrays.stream(line.substring(FLAGS.length()).split(",")))
                .map(String::strip)
                .filter(flag -> !flag.isEmpty());
    }

    /// The entry with other translations, which somebody has still to look at: it is flagged as fuzzy.
    /// Everything else stays as it stood.
    ///
    /// @param others one, or as many as there are plural forms
    public PoEntry machineTranslated(List<String> others) {
        List<String> written = new ArrayList<>();
        boolean flagged = isFuzzy();
        boolean hasFlags = lines.stream().anyMatch(one -> one.startsWith(FLAGS));
        boolean inTranslation = false;
        for (String one : lines) {
            if (one.startsWith(FLAGS) && !flagged) {
                written.add(FLAGS + " " + FUZZY + "," + one.substring(FLAGS.length()));
                flagged = true;
                continue;
            }
            boolean due = one.startsWith("#|") || !(one.startsWith("#") || one.isBlank());
            if (due && !flagged && !hasFlags) {
                written.add(FLAGS + " " + FUZZY);
                flagged = true;
            }
            inTranslation |= one.strip().startsWith("msgstr");
            if (!inTranslation) {
                written.add(one);
            }
        }
        for (int form = 0; form < others.size(); form++) {
            String keyword = plural.isPresent() ? "msgstr[" + form + "]" : "msgstr";
            written.addAll(PoStrings.quoted(keyword, others.get(form)));
        }
        return new PoEntry(line, written, context, id, plural, others);
    }
}
