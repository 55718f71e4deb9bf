package heed.corpus;

import heed.corpus.Span.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A text for a model to translate, in which placeholders, markup, addresses and numbers are signs that a
/// translation has as they are: the model learns to carry signs over, and cannot misspell what they stand for.
///
/// The signs are characters of Unicode's private use area, [#FIRST] and those after it, in the order of the
/// text. Those for markup stand between spaces, so that the words inside of elements are the words that the
/// model knows.
///
/// @param text with signs
/// @param spans what each sign stands for
public record Protection(String text, List<Protected> spans) {
    /// The sign of the first span.
    public static final char FIRST = '\uE000';

    /// Spans that a text may have; later ones are left as they are.
    public static final int MOST = 16;

    private static final String OPENING = "([{“‘\"'";
    private static final String CLOSING = ")]}”’.,;:!?…";

    /// What a sign stands for.
    ///
    /// @param apart whether the sign stands between spaces
    /// @param joinsBefore whether a word is before it, without a space between them
    /// @param joinsAfter whether a word is after it, without a space between them
    public record Protected(String text, boolean apart, boolean joinsBefore, boolean joinsAfter) {}

    public Protection {
        spans = List.copyOf(spans);
    }

    /// Everything that can be protected is.
    public static Protection of(String text) {
        List<Span> spans = Span.in(plain(text));
        return sign(plain(text), spans.subList(0, Math.min(MOST, spans.size())));
    }

    /// A pair for a model to learn from, with signs for what stands in both texts alike. Nothing, when one has
    /// a placeholder that the other lacks.
    public static Optional<TextPair> pair(TextPair pair) {
        String source = plain(pair.source());
        String target = plain(pair.target());
        List<Span> sources = new ArrayList<>();
        List<Span> targets = new ArrayList<>();
        List<Span> open = new ArrayList<>(Span.in(target));
        for (Span span : Span.in(source)) {
            Optional<Span> same = open.stream()
                    .filter(other -> other.text().equals(span.text()))
                    .findFirst();
            if (same.isEmpty() && span.kind().isBinding()) {
                return Optional.empty();
            }
            if (same.isPresent() && sources.size() < MOST) {
                sources.add(span);
                targets.add(same.get());
            }
            same.ifPresent(open::remove);
        }
        if (open.stream().anyMatch(span -> span.kind().isBinding())) {
            return Optional.empty();
        }
        return Optional.of(pair.with(sign(source, sources).text, sign(target, targets).text));
    }

    /// A text's own characters where signs are would be taken for signs.
    private static String plain(String text) {
        return text.chars().noneMatch(c -> isSign((char) c))
                ? text
                : text.replaceAll("[" + FIRST + "-" + (char) (FIRST + MOST - 1) + "]", "\uFFFD");
    }

    private static boolean isSign(char c) {
        return c >= FIRST && c < FIRST + MOST;
    }

    /// @param spans the sign of each is that of its place in this list
    private static Protection sign(String text, List<Span> spans) {
        StringBuilder signed = new StringBuilder();
        List<Protected> kept = new ArrayList<>();
        int from = 0;
        List<Span> ordered =
                spans.stream().sorted(Comparator.comparingInt(Span::start)).toList();
        for (Span span : ordered) {
            signed.append(text, from, span.start());
            char sign = (char) (FIRST + spans.indexOf(span));
            boolean apart = span.kind() == Kind.MARKUP;
            signed.append(apart ? " " + sign + " " : String.valueOf(sign));
            from = span.end();
        }
        signed.append(text.substring(from));
        for (Span span : spans) {
            kept.add(new Protected(
                    span.text(),
                    span.kind() == Kind.MARKUP,
                    span.start() > 0 && !isApart(text.charAt(span.start() - 1), OPENING),
                    span.end() < text.length() && !isApart(text.charAt(span.end()), CLOSING)));
        }
        return new Protection(signed.toString().replaceAll(" {2,}", " ").strip(), kept);
    }

    /// All signs, with spaces between them.
    public static String signs() {
        StringBuilder signs = new StringBuilder();
        for (int i = 0; i < MOST; i++) {
            signs.append(i == 0 ? "" : " ").append((char) (FIRST + i));
        }
        return signs.toString();
    }

    /// Whether everything that can be protected has a sign, and nothing was too many.
    public boolean isAll() {
        return spans.size() < MOST;
    }

    /// Whether a translation has every sign once.
    public boolean isWhole(String written) {
        int[] counts = new int[MOST];
        written.chars().filter(c -> isSign((char) c)).forEach(c -> counts[c - FIRST]++);
        for (int i = 0; i < MOST; i++) {
            if (counts[i] != (i < spans.size() ? 1 : 0)) {
                return false;
            }
        }
        return true;
    }

    /// The translation with what the signs stand for. A sign that is there twice, or that the text never had,
    /// goes; one that was lost is put where it stood in the text: at the beginning, or else at the end.
    public String restore(String written) {
        String whole = isWhole(written) ? written : repaired(written);
        StringBuilder restored = new StringBuilder();
        for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            if (!isSign(c)) {
                restored.append(c);
                continue;
            }
            Protected span = spans.get(c - FIRST);
            if (span.apart) {
                strip(restored);
                restored.append(span.joinsBefore || endsApart(restored) ? "" : " ");
            }
            restored.append(span.text);
            if (span.apart) {
                while (i + 1 < whole.length() && whole.charAt(i + 1) == ' ') {
                    i++;
                }
                boolean joins = span.joinsAfter || i + 1 == whole.length() || isApart(whole.charAt(i + 1), CLOSING);
                restored.append(joins ? "" : " ");
            }
        }
        return restored.toString();
    }

    /// Whether it is white space or punctuation of a kind.
    private static boolean isApart(char c, String punctuation) {
        return Character.isWhitespace(c) || punctuation.indexOf(c) >= 0;
    }

    private static boolean endsApart(StringBuilder text) {
        return text.isEmpty() || isApart(text.charAt(text.length() - 1), OPENING);
    }

    /// A part of the text with what its signs stand for.
    public String resolved(String part) {
        StringBuilder resolved = new StringBuilder();
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            resolved.append(isSign(c) && c - FIRST < spans.size() ? spans.get(c - FIRST).text : String.valueOf(c));
        }
        return resolved.toString();
    }

    /// A finished translation with signs again, where it has what they stand for.
    public String signed(String translation) {
        String signed = plain(translation);
        for (int i = 0; i < spans.size(); i++) {
            int at = signed.indexOf(spans.get(i).text);
            if (at >= 0) {
                String sign = String.valueOf((char) (FIRST + i));
                String before = signed.substring(0, at);
                signed = before
                        + (spans.get(i).apart ? " " + sign + " " : sign)
                        + signed.substring(at + spans.get(i).text.length());
            }
        }
        return signed.replaceAll(" {2,}", " ").strip();
    }

    private static void strip(StringBuilder text) {
        while (!text.isEmpty() && text.charAt(text.length() - 1) == ' ') {
            text.setLength(text.length() - 1);
        }
    }

    private String repaired(String written) {
        StringBuilder whole = new StringBuilder();
        boolean[] there = new boolean[MOST];
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (isSign(c)) {
                int span = c - FIRST;
                if (span >= spans.size() || there[span]) {
                    continue;
                }
                there[span] = true;
            }
            whole.append(c);
        }
        int begun = 0;
        for (int span = 0; span < spans.size(); span++) {
            String sign = String.valueOf((char) (FIRST + span));
            if (!there[span] && text.startsWith(sign, begun)) {
                whole.insert(begun, sign + " ");
                begun += 2;
            } else if (!there[span]) {
                whole.append(' ').append(sign);
            }
        }
        return whole.toString().replaceAll(" {2,}", " ").strip();
    }
}
