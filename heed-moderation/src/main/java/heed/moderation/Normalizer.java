package heed.moderation;

import java.text.BreakIterator;
import java.text.Normalizer.Form;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Undoes what people do to words so that a reader still reads them and a classifier does not: characters that
/// only look alike, invisible ones, digits for letters, letters drawn out or set apart. What comes out is for a
/// classifier and nobody else, and every character knows where it came from.
///
/// Each step is careful rather than thorough, since the text as it was written is scored too and the higher
/// score kept: a word is touched only where it looks tampered with.
public final class Normalizer {
    private static final int LEAST_STRETCH = 3;
    private static final int LEAST_SPACED = 3;

    /// Spellings that look tampered with and are not: addresses of pages and people, colours, Roman numerals.
    private static final Pattern ORDINARY = Pattern.compile("(?i)(?:https?://|\\bwww\\.)[^\\s<>\"]++"
            + "|(?<![\\w.+-])[\\w.+-]++@(?:[\\w-]++\\.)+[a-z]{2,}\\b"
            + "|#(?:[0-9a-f]{6}|[0-9a-f]{3})\\b"
            + "|(?-i:\\b[IVXLCDM]{3,}+\\b)");

    /// What stands behind a number and makes no word of it.
    private static final Set<String> UNITS = Set.of(
            "st", "nd", "rd", "th", "am", "pm", "mm", "cm", "km", "kg", "lb", "lbs", "ft", "kb", "mb", "gb", "tb", "hz",
            "khz", "mhz", "ghz", "bit", "px", "pt", "min", "sec", "hr", "hrs");

    private Normalizer() {}

    /// The steps: compatible characters (NFKC, Unicode annex 15), invisible ones away, letters set apart
    /// joined, look-alikes in words of mixed scripts, digits for letters, letters drawn out. The last three do not
    /// touch what is ordinary: addresses, colours, Roman numerals, numbers with a unit.
    public static PlainText normalize(String text) {
        Draft draft = compatible(text);
        draft = visible(draft);
        draft.keep(ORDINARY);
        draft = joined(draft);
        draft = lookAlikes(draft);
        draft = lettersForDigits(draft);
        draft = shortened(draft);
        return draft.done();
    }

    /// A text that is being changed. Every code point brings the stretch of the original that it stands for.
    private static final class Draft {
        private int[] points = new int[16];
        private int[] starts = new int[16];
        private int[] ends = new int[16];
        private boolean[] kept = new boolean[16]; // is to stay as it is
        private int size;

        void add(int point, int start, int end) {
            add(point, start, end, false);
        }

        void add(int point, int start, int end, boolean keep) {
            if (size == points.length) {
                points = Arrays.copyOf(points, 2 * size);
                starts = Arrays.copyOf(starts, 2 * size);
                ends = Arrays.copyOf(ends, 2 * size);
                kept = Arrays.copyOf(kept, 2 * size);
            }
            points[size] = point;
            starts[size] = start;
            ends[size] = end;
            kept[size++] = keep;
        }

        void add(Draft from, int i) {
            add(from.points[i], from.starts[i], from.ends[i], from.kept[i]);
        }

        void keep(Pattern pattern) {
            StringBuilder text = new StringBuilder(size); // a character for each code point
            for (int i = 0; i < size; i++) {
                text.append(Character.isBmpCodePoint(points[i]) ? (char) points[i] : '\uFFFC');
            }
            Matcher found = pattern.matcher(text);
            while (found.find()) {
                Arrays.fill(kept, found.start(), found.end(), true);
            }
        }

        boolean sign(int i) {
            return i >= 0 && i < size && !kept[i] && LookAlikes.letter(points[i]) != 0;
        }

        /// The last one stands for so much more.
        void extend(int end) {
            if (size > 0) {
                ends[size - 1] = end;
            }
        }

        int letterOr0(int i) {
            return i >= 0 && i < size && Character.isLetter(points[i]) ? points[i] : 0;
        }

        PlainText done() {
            StringBuilder text = new StringBuilder(size);
            int[] charStarts = new int[2 * size];
            int[] charEnds = new int[2 * size];
            for (int i = 0; i < size; i++) {
                int from = text.length();
                text.appendCodePoint(points[i]);
                Arrays.fill(charStarts, from, text.length(), starts[i]);
                Arrays.fill(charEnds, from, text.length(), ends[i]);
            }
            return new PlainText(
                    text.toString(), Arrays.copyOf(charStarts, text.length()), Arrays.copyOf(charEnds, text.length()));
        }
    }

    /// What people see as one character is normalised by itself: so its place is known.
    private static Draft compatible(String text) {
        Draft draft = new Draft();
        BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        characters.setText(text);
        int start = 0;
        for (int end = characters.next(); end != BreakIterator.DONE; end = characters.next()) {
            int from = start;
            int to = end;
            java.text.Normalizer.normalize(text.substring(start, end), Form.NFKC)
                    .codePoints()
                    .forEach(point -> draft.add(point, from, to));
            start = end;
        }
        return draft;
    }

    private static Draft visible(Draft from) {
        Draft draft = new Draft();
        for (int i = 0; i < from.size; i++) {
            int point = from.points[i];
            boolean joiner = point == 0x200C || point == 0x200D;
            if (joiner ? needed(from, i) : !invisible(point)) {
                draft.add(from, i);
            } else {
                draft.extend(from.ends[i]);
            }
        }
        return draft;
    }

    /// Soft hyphens, zero-width spaces, marks and embeddings of direction, variation selectors, tags.
    private static boolean invisible(int point) {
        return point == 0x00AD
                || point == 0x034F
                || point == 0x061C
                || point == 0x180E
                || (point >= 0x200B && point <= 0x200F)
                || (point >= 0x202A && point <= 0x202E)
                || (point >= 0x2060 && point <= 0x206F)
                || (point >= 0xFE00 && point <= 0xFE0F)
                || point == 0xFEFF
                || (point >= 0xE0000 && point <= 0xE01EF);
    }

    /// Whether a joiner means something here: in scripts whose letters join, and between pictures that become
    /// one.
    private static boolean needed(Draft draft, int i) {
        int before = i > 0 ? draft.points[i - 1] : 0;
        int after = i + 1 < draft.size ? draft.points[i + 1] : 0;
        return (joins(before) && joins(after)) || (picture(before) && picture(after));
    }

    private static boolean joins(int point) {
        if (point == 0) {
            return false;
        }
        return switch (Character.UnicodeScript.of(point)) {
            case ARABIC,
                    SYRIAC,
                    MONGOLIAN,
                    NKO,
                    DEVANAGARI,
                    BENGALI,
                    GURMUKHI,
                    GUJARATI,
                    ORIYA,
                    TAMIL,
                    TELUGU,
                    KANNADA,
                    MALAYALAM,
                    SINHALA,
                    KHMER,
                    MYANMAR -> true;
            default -> false;
        };
    }

    private static boolean picture(int point) {
        return Character.isEmoji(point) || point == 0xFE0F || Character.isEmojiModifier(point);
    }

    /// In a word that has Latin letters, letters of other scripts that look like Latin ones become those.
    private static Draft lookAlikes(Draft from) {
        Draft draft = new Draft();
        int i = 0;
        while (i < from.size) {
            int end = i;
            boolean latin = false;
            while (end < from.size && (Character.isLetter(from.points[end]) || mark(from.points[end]))) {
                latin |= Character.UnicodeScript.of(from.points[end]) == Character.UnicodeScript.LATIN;
                end++;
            }
            if (end == i) {
                draft.add(from, i++);
                continue;
            }
            for (; i < end; i++) {
                int point = latin ? LookAlikes.latin(from.points[i]) : from.points[i];
                draft.add(point, from.starts[i], from.ends[i], from.kept[i]);
            }
        }
        return draft;
    }

    private static boolean mark(int point) {
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    /// Single letters with the same separator between them become a word: `h a t e`, `i.d.i.o.t`.
    private static Draft joined(Draft from) {
        Draft draft = new Draft();
        int i = 0;
        while (i < from.size) {
            int letters = spaced(from, i);
            if (letters < LEAST_SPACED) {
                draft.add(from, i++);
                continue;
            }
            for (int n = 0; n < letters; n++, i += 2) {
                draft.add(from, i);
            }
            i--; // after the last letter
        }
        return draft;
    }

    /// How many single letters with one separator stand here.
    private static int spaced(Draft draft, int from) {
        if (draft.kept[from]
                || draft.letterOr0(from) == 0
                || draft.letterOr0(from - 1) != 0
                || from + 1 >= draft.size) {
            return 0;
        }
        int separator = draft.points[from + 1];
        if (separator != ' ' && "._-*~|/,+".indexOf(separator) < 0) {
            return 0;
        }
        int letters = 1;
        int i = from;
        while (i + 2 < draft.size && draft.points[i + 1] == separator && draft.letterOr0(i + 2) != 0) {
            i += 2;
            letters++;
        }
        return draft.letterOr0(i + 1) != 0 ? letters - 1 : letters; // the last one begins a word
    }

    /// A digit or a sign for a letter, where a letter follows and the word has more letters: `h4te`, `$pam`,
    /// but not `covid19`, `3rd` or `80s`.
    private static Draft lettersForDigits(Draft from) {
        Draft draft = new Draft();
        int i = 0;
        while (i < from.size) {
            int end = i;
            while (from.sign(end)) {
                end++;
            }
            if (end == i) {
                draft.add(from, i++);
                continue;
            }
            boolean stand = standForLetters(from, i, end);
            for (; i < end; i++) {
                int point = stand ? LookAlikes.letter(from.points[i]) : from.points[i];
                draft.add(point, from.starts[i], from.ends[i]);
            }
        }
        return draft;
    }

    /// Whether digits and signs, `from` to `end`, are written for letters.
    private static boolean standForLetters(Draft draft, int from, int end) {
        if (draft.letterOr0(end) == 0) {
            return false;
        }
        if (draft.letterOr0(from - 1) != 0) {
            return true;
        }
        return (from == 0 || !Character.isLetterOrDigit(draft.points[from - 1])) && !number(draft, from, end);
    }

    /// Whether digits at the start of a word are a number, and the letters behind them what is counted.
    private static boolean number(Draft draft, int from, int end) {
        StringBuilder behind = new StringBuilder();
        int i = end;
        for (; draft.letterOr0(i) != 0; i++) {
            behind.appendCodePoint(Character.toLowerCase(draft.points[i]));
        }
        boolean digits = Arrays.stream(draft.points, from, end).allMatch(Character::isDigit);
        boolean more = i < draft.size && (Character.isDigit(draft.points[i]) || draft.sign(i));
        int few = end - from == 1 ? 1 : 2;
        return digits && !more && (behind.length() <= few || UNITS.contains(behind.toString()));
    }

    /// Three or more of one letter become one: `sooooo`.
    private static Draft shortened(Draft from) {
        Draft draft = new Draft();
        int i = 0;
        while (i < from.size) {
            int end = i + 1;
            while (end < from.size && same(from.points[i], from.points[end])) {
                end++;
            }
            if (end - i >= LEAST_STRETCH && !from.kept[i] && Character.isLetter(from.points[i])) {
                draft.add(from.points[i], from.starts[i], from.ends[end - 1]);
                i = end;
            } else {
                draft.add(from, i++);
            }
        }
        return draft;
    }

    private static boolean same(int a, int b) {
        return Character.toLowerCase(a) == Character.toLowerCase(b);
    }
}
