package heed.corpus;

import java.util.ArrayList;
import java.util.List;

/// Texts as a catalogue of gettext quotes them: as strings of C.
final class PoStrings {
    private PoStrings() {}

    /// The lines of a keyword and its text; one line for each of the text, where there are several.
    static List<String> quoted(String keyword, String text) {
        List<String> lines = new ArrayList<>();
        int end = text.indexOf('\n');
        if (end < 0 || end == text.length() - 1) {
            return List.of(keyword + " \"" + escaped(text) + "\"");
        }
        lines.add(keyword + " \"\"");
        for (int from = 0; from < text.length(); from = end + 1) {
            end = text.indexOf('\n', from);
            end = end < 0 ? text.length() - 1 : end;
            lines.add("\"" + escaped(text.substring(from, end + 1)) + "\"");
        }
        return lines;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\t' -> escaped.append("\\t");
                case '\r' -> escaped.append("\\r");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /// The text of a string between its quotation marks.
    ///
    /// @param place for the message
    static String unescaped(String quoted, String place) {
        if (quoted.length() < 2 || quoted.charAt(0) != '"' || quoted.charAt(quoted.length() - 1) != '"') {
            throw new CorpusException(place + " has no string between quotation marks: " + quoted);
        }
        StringBuilder text = new StringBuilder();
        int last = quoted.length() - 1;
        for (int i = 1; i < last; i++) {
            char c = quoted.charAt(i);
            if (c == '"') {
                throw new CorpusException(place + " has a quotation mark inside of a string without \\ before it");
            }
            if (c != '\\') {
                text.append(c);
                continue;
            }
            if (++i == last) {
                throw new CorpusException(
                        place + " has a string that never ends: its last quotation mark has a \\" + " before it");
            }
            i = unescape(quoted, i, text, place);
        }
        return text.toString();
    }

    /// @return where the escape ends
    private static int unescape(String quoted, int at, StringBuilder text, String place) {
        char c = quoted.charAt(at);
        switch (c) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'a' -> text.append('\u0007');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'v' -> text.append('\u000B');
            case '"', '\\', '\'', '?' -> text.append(c);
            case 'x' -> {
                return digits(quoted, at + 1, 16, 2, text, place);
            }
            default -> {
                return digits(quoted, at, 8, 3, text, place);
            }
        }
        return at;
    }

    private static int digits(String quoted, int from, int base, int most, StringBuilder text, String place) {
        int end = from;
        while (end < from + most && Character.digit(quoted.charAt(end), base) >= 0) {
            end++;
        }
        if (end == from) {
            throw new CorpusException(place + " has \\" + quoted.charAt(from) + " in a string, which means nothing");
        }
        text.append((char) Integer.parseInt(quoted, from, end, base));
        return end - 1;
    }
}
