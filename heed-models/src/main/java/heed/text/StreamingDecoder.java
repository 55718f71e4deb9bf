package heed.text;

import java.util.Arrays;

/// Text from tokens that arrive one by one, as a generator makes them. What it hands out is never taken back:
/// a character whose bytes are spread over several tokens waits for the last of them, and the spaces between
/// words are those of the whole text.
///
/// A token cannot be decoded alone: a decoder may drop the space at the beginning of what it gets, or join
/// bytes across tokens. So each token is decoded behind those of the last piece, once with it and once without,
/// and the piece is what the second has more than the first.
///
/// All pieces and [#finish] together are [Tokenizer#decode] of all ids, as long as the tokens spell valid
/// UTF-8; where they do not, each side puts U+FFFD for the bytes that are no character, maybe in other numbers.
///
/// For one sequence and one thread.
public final class StreamingDecoder {
    /// What decoders put where bytes are no character, or not yet.
    private static final char REPLACEMENT = '\uFFFD';

    /// So many of these at the end are no unfinished character: of a character at most three bytes are missing
    /// company, and a decoder that gives up on a run of bytes gives up on at most one whole character before.
    private static final int MOST_UNFINISHED = 7;

    /// So much of what came before decides how a first token is spelled.
    private static final int CONTEXT = 8;

    private final Tokenizer tokenizer;
    private final boolean skipSpecialTokens;

    /// The tokens of the last piece, which were handed out, and after them those that wait.
    private int[] window;

    private int size;
    private int settled;

    /// The text of the settled tokens, and how many characters of the waiting ones' text were handed out.
    private String settledText = "";

    private int handedOut;

    /// Decodes a text from its beginning.
    public StreamingDecoder(Tokenizer tokenizer, boolean skipSpecialTokens) {
        this(tokenizer, skipSpecialTokens, new int[0]);
    }

    /// Decodes what follows other tokens, such as a prompt, so that the space between the two is kept.
    ///
    /// @param before the tokens before the first, of which nothing is handed out
    public StreamingDecoder(Tokenizer tokenizer, boolean skipSpecialTokens, int[] before) {
        this.tokenizer = tokenizer;
        this.skipSpecialTokens = skipSpecialTokens;
        this.window = Arrays.copyOfRange(before, Math.max(0, before.length - CONTEXT), before.length);
        settle(window.length);
    }

    /// The text that this token completes; empty while a character is unfinished, and for special tokens that
    /// are skipped.
    public String add(int id) {
        if (size == window.length) {
            window = Arrays.copyOf(window, Math.max(16, 2 * size));
        }
        window[size++] = id;
        String text = waiting();
        int unfinished = trailingReplacements(text);
        if (unfinished == 0 || unfinished > MOST_UNFINISHED) {
            return handOut(text);
        }
        // Characters before an unfinished one are certain already, but the window must begin between characters.
        String certain = text.substring(0, text.length() - unfinished);
        if (certain.length() <= handedOut) {
            return "";
        }
        String piece = certain.substring(handedOut);
        handedOut = certain.length();
        return piece;
    }

    /// What is left at the end: nothing, or U+FFFD for a character that was never finished.
    public String finish() {
        return handOut(waiting());
    }

    private String handOut(String text) {
        if (text.length() <= handedOut) {
            return ""; // nothing was added that has a text: it may yet decide how the next token is spelled
        }
        String piece = text.substring(handedOut);
        settle(size);
        return piece;
    }

    /// The text of the tokens that wait, those settled taken off.
    private String waiting() {
        String text = decode(0, size);
        // Bytes after a whole character can make a decoder give up on both: then they stand alone.
        return text.startsWith(settledText) ? text.substring(settledText.length()) : decode(settled, size);
    }

    /// Makes the tokens that waited the context of the next ones.
    private void settle(int end) {
        window = Arrays.copyOfRange(window, settled, end);
        size = window.length;
        settled = size;
        settledText = decode(0, size);
        handedOut = 0;
    }

    private String decode(int from, int to) {
        return from == to ? "" : tokenizer.decode(Arrays.copyOfRange(window, from, to), skipSpecialTokens);
    }

    private static int trailingReplacements(String text) {
        int count = 0;
        while (count < text.length() && text.charAt(text.length() - 1 - count) == REPLACEMENT) {
            count++;
        }
        return count;
    }
}
