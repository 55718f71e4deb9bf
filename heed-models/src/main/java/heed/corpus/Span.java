package heed.corpus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A stretch of a text that a translation has as it is.
///
/// @param start where it begins, in UTF-16 units
/// @param end where it ends, exclusive
record Span(Kind kind, String text, int start, int end) {
    /// What stays as it is, the likelier reading of a sign first.
    enum Kind {
        ADDRESS("(?:https?|ftp|file|mailto):[^\\s<>\"“”‘’]*[^\\s<>\"“”‘’.,;:!?'()\\[\\]]"
                + "|www\\.[^\\s<>\"“”]*[^\\s<>\"“”.,;:!?'()]"
                + "|[A-Za-z0-9][\\w.+-]*@[A-Za-z0-9][\\w-]*(?:\\.[A-Za-z0-9][\\w-]*)+"),
        /// An element of HTML or XML. A space belongs outside of it.
        MARKUP("</?[A-Za-z][^<>]{0,200}>|&(?:[A-Za-z]{2,8}|#[0-9]{1,6}|#x[0-9A-Fa-f]{1,6});"),
        /// Variables of `printf`, Python, Qt, ICU, shells and office programs.
        PLACEHOLDER("%\\([A-Za-z_]\\w*\\)[#0+-]*\\d*(?:\\.\\d+)?[diouxXeEfFgGcsr]"
                + "|%\\{[^{}]{1,60}\\}|%[A-Z][A-Z_]{2,}|%[A-Z]{3,}%"
                + "|%(?:\\d+\\$)?[#0+-]*(?:\\d+|\\*)?(?:\\.(?:\\d+|\\*))?(?:hh|h|ll|l|q|j|z|t|L)?[diouxXeEfFgGaAcCsSpn]"
                + "(?![A-Za-z])"
                + "|%(?:\\d+\\$)?(?:l|ll|z|j)?[dsui]"
                + "|%L?\\d{1,2}|%%"
                + "|\\$\\{[^{}]{1,60}\\}|\\$\\([^()]{1,60}\\)|\\$\\d{1,2}|\\$[A-Za-z_]{2,40}\\$?"
                + "|\\{\\{[^{}]{1,60}\\}\\}|\\{\\s?[^{}\\s][^{}]{0,60}\\}|\\[\\[[^\\[\\]]{1,60}\\]\\]"
                + "|\\\\[nrt](?![A-Za-z])"),
        /// An option of a command or the path of a file.
        TECHNICAL("(?<![^\\s(\\[“\"'‘=])(?:--?[A-Za-z][\\w-]*(?:=[^\\s”\"')]+)?"
                + "|(?:~|\\.{1,2})?/[A-Za-z0-9_.][\\w.+-]*(?:/[\\w.+-]*)*[\\w/])"),
        NUMBER("(?<![\\p{L}\\p{M}\\p{N}_])(?<![\\p{L}\\p{N}][-.])[0-9]+(?:[.,:/-][0-9]+)*(?![\\p{L}\\p{N}_])");

        private final Pattern pattern;

        Kind(String pattern) {
            this.pattern = Pattern.compile(pattern);
        }

        /// Whether losing it breaks a program, not only a sentence.
        boolean isBinding() {
            return this == PLACEHOLDER;
        }
    }

    /// Those in a text, from left to right; where two overlap, the kind that comes first counts.
    static List<Span> in(String text) {
        List<Span> found = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Matcher matcher = kind.pattern.matcher(text);
            while (matcher.find()) {
                Span span = new Span(kind, matcher.group(), matcher.start(), matcher.end());
                if (found.stream().noneMatch(span::overlaps)) {
                    found.add(span);
                }
            }
        }
        found.sort(Comparator.comparingInt(Span::start));
        return found;
    }

    private boolean overlaps(Span other) {
        return start < other.end && other.start < end;
    }
}
