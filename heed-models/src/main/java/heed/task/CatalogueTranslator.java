package heed.task;

import heed.corpus.Accelerators;
import heed.corpus.PoEntry;
import heed.corpus.PoFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Fills in what a catalogue of gettext has no translation for. Every filled entry is flagged as fuzzy, so that
/// programs do not show it before somebody has looked at it; all else stays as it stands in the file.
public final class CatalogueTranslator {
    /// Entries that are translated together.
    private static final int ENTRIES_AT_ONCE = 32;

    private static final Pattern LINE = Pattern.compile("([^\\S\\n]*)([^\\n]*?)([^\\S\\n]*)(\\n|\\z)");
    private static final Pattern CLOSING = Pattern.compile("(?:…|\\.\\.\\.|:)?\\s*$");

    private final Translator translator;

    public CatalogueTranslator(Translator translator) {
        this.translator = translator;
    }

    /// How many texts a catalogue has without a translation.
    public static int open(PoFile catalogue) {
        return (int)
                catalogue.entries().stream().filter(CatalogueTranslator::isOpen).count();
    }

    /// The catalogue with its gaps filled.
    ///
    /// @param done is told how many more entries have been filled
    public PoFile translate(PoFile catalogue, IntConsumer done) {
        List<PoEntry> entries = new ArrayList<>(catalogue.entries());
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            if (isOpen(entries.get(i))) {
                open.add(i);
            }
        }
        for (int from = 0; from < open.size(); from += ENTRIES_AT_ONCE) {
            List<Integer> some = open.subList(from, Math.min(open.size(), from + ENTRIES_AT_ONCE));
            fill(entries, some, catalogue.plurals());
            done.accept(some.size());
        }
        return new PoFile(entries);
    }

    private static boolean isOpen(PoEntry entry) {
        return entry.isText() && !entry.id().isEmpty() && !entry.isTranslated();
    }

    private void fill(List<PoEntry> entries, List<Integer> places, int plurals) {
        List<String> texts = new ArrayList<>();
        for (int place : places) {
            PoEntry entry = entries.get(place);
            texts.add(entry.id());
            entry.plural().ifPresent(texts::add);
        }
        List<String> translations = translateAll(texts);
        int next = 0;
        for (int place : places) {
            PoEntry entry = entries.get(place);
            List<String> forms = new ArrayList<>(List.of(translations.get(next++)));
            if (entry.plural().isPresent()) {
                String many = translations.get(next++);
                while (forms.size() < plurals) {
                    forms.add(many);
                }
            }
            entries.set(place, entry.machineTranslated(forms));
        }
    }

    /// Line by line: what is around the words of a line stays, and so does the sign of a key.
    private List<String> translateAll(List<String> texts) {
        List<String> words = new ArrayList<>();
        for (String text : texts) {
            Matcher line = LINE.matcher(text);
            while (line.find() && line.start() < text.length()) {
                words.add(Accelerators.bare(line.group(2)));
            }
        }
        List<Translator.Translation> translated = translator.translate(words);
        List<String> results = new ArrayList<>();
        int next = 0;
        for (String text : texts) {
            StringBuilder result = new StringBuilder();
            Matcher line = LINE.matcher(text);
            while (line.find() && line.start() < text.length()) {
                String written = translated.get(next++).text();
                result.append(line.group(1))
                        .append(keyed(line.group(2), written))
                        .append(line.group(3))
                        .append(line.group(4));
            }
            results.add(result.toString());
        }
        return results;
    }

    /// `ತೆರೆ (_O)…` for `_Open…`, as is usual where letters are on no key.
    private static String keyed(String source, String written) {
        Optional<Integer> place = Accelerators.place(source);
        if (place.isEmpty()) {
            return written;
        }
        Matcher closing = CLOSING.matcher(written);
        int end = closing.find() ? closing.start() : written.length();
        String sign = source.substring(place.get(), place.get() + 1);
        String key = source.substring(place.get() + 1, place.get() + 2).toUpperCase(java.util.Locale.ROOT);
        return written.substring(0, end).stripTrailing() + " (" + sign + key + ")" + written.substring(end);
    }
}
