package heed.task;

import heed.corpus.Protection;
import heed.model.Model;
import heed.text.EncodeOptions;
import heed.text.Tokenizer;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Cuts texts into what a translator takes at once. A text that is longer than the model is cut where sentences
/// end, or else between words, or else anywhere. For a model that learned signs, placeholders and their like
/// become signs.
final class Passages {
    /// Of a model's length, what a part of a longer text may have: its translation needs room too.
    private static final double SHARE = 0.6;

    private final Tokenizer tokenizer;
    private final String prefix;
    private final int mostTokens;

    /// What is translated at once.
    ///
    /// @param space what stands between it and the next part
    record Part(Protection protection, String space) {}

    /// @param prefix put before every part
    Passages(Model model, String prefix) {
        this.tokenizer = model.tokenizer();
        this.prefix = prefix;
        this.mostTokens = model.config().maxTokens();
    }

    /// The parts of a text, in order; none of a text without words.
    List<Part> parts(String text) {
        if (text.isBlank()) {
            return List.of();
        }
        Protection whole = read(text);
        if (fits(whole, mostTokens)) {
            return List.of(new Part(whole, ""));
        }
        List<Part> parts = new ArrayList<>();
        pack(pieces(text, BreakIterator.getSentenceInstance(Locale.ROOT)), 0, parts);
        return parts;
    }

    private Protection read(String text) {
        return read(tokenizer, text);
    }

    /// The text as a model with this tokenizer reads it: with signs, if it knows them.
    static Protection read(Tokenizer tokenizer, String text) {
        boolean signs = tokenizer.id(String.valueOf(Protection.FIRST)).isPresent();
        return signs ? Protection.of(text.strip()) : new Protection(text, List.of());
    }

    private boolean fits(Protection text, int most) {
        return text.isAll() && tokens(text.text()) <= most;
    }

    private int tokens(String text) {
        return tokenizer.encode(prefix + text, EncodeOptions.defaults()).length();
    }

    /// As many pieces as fit become one part; a piece that does not fit is cut further.
    ///
    /// @param depth how often a piece has been cut: into sentences, into words, into characters
    private void pack(List<String> pieces, int depth, List<Part> parts) {
        int most = Math.max(1, (int) (SHARE * mostTokens));
        StringBuilder open = new StringBuilder();
        int openTokens = 0;
        int openSigns = 0;
        for (String piece : pieces) {
            Protection read = read(piece);
            int tokens = tokens(read.text());
            boolean joins =
                    openTokens + tokens <= most && openSigns + read.spans().size() <= Protection.MOST;
            if (!joins && !open.isEmpty()) {
                add(open.toString(), parts);
                open.setLength(0);
                openTokens = 0;
                openSigns = 0;
            }
            if (fits(read, most) || piece.codePointCount(0, piece.length()) == 1) {
                open.append(piece);
                openTokens += tokens;
                openSigns += read.spans().size();
            } else {
                pack(pieces(piece, depth == 0 ? BreakIterator.getWordInstance(Locale.ROOT) : null), depth + 1, parts);
            }
        }
        if (!open.isEmpty()) {
            add(open.toString(), parts);
        }
    }

    private void add(String text, List<Part> parts) {
        if (!text.isBlank()) {
            String bare = text.strip();
            String space = text.substring(text.indexOf(bare) + bare.length());
            parts.add(new Part(read(bare), space));
        }
    }

    /// @param at where to cut; null for halves
    private static List<String> pieces(String text, @org.jspecify.annotations.Nullable BreakIterator at) {
        List<String> pieces = new ArrayList<>();
        if (at == null) {
            int middle = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
            return List.of(text.substring(0, middle), text.substring(middle));
        }
        at.setText(text);
        int from = at.first();
        for (int to = at.next(); to != BreakIterator.DONE; to = at.next()) {
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }
}
