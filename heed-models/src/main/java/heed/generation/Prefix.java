package heed.generation;

import java.util.Arrays;

/// The tokens that stand before the next one: a prompt and what was generated after it. In an encoder–decoder
/// model the prompt is what the decoder starts from, usually one token, and the text that it continues from is
/// the source.
public final class Prefix {
    private static final int[] NO_SOURCE = {};

    private final int[] source;
    private final int promptLength;
    private int[] ids;
    private int length;

    private Prefix(int[] source, int promptLength, int[] ids, int length) {
        this.source = source;
        this.promptLength = promptLength;
        this.ids = ids;
        this.length = length;
    }

    /// What a decoder is to continue.
    public static Prefix of(int... prompt) {
        return of(NO_SOURCE, prompt);
    }

    /// What the decoder of an encoder–decoder model is to continue.
    ///
    /// @param source the ids that the encoder reads
    /// @param start the ids that the decoder starts from
    /// @throws IllegalArgumentException when there is nothing to start from
    public static Prefix of(int[] source, int... start) {
        if (start.length == 0) {
            throw new IllegalArgumentException("the prompt has no tokens");
        }
        return new Prefix(source.clone(), start.length, start.clone(), start.length);
    }

    /// The number of tokens, prompt included.
    public int length() {
        return length;
    }

    /// The token at a position, from 0.
    public int at(int position) {
        if (position < 0 || position >= length) {
            throw new IndexOutOfBoundsException("position " + position + " of " + length + " tokens");
        }
        return ids[position];
    }

    public int promptLength() {
        return promptLength;
    }

    /// How many tokens were generated.
    public int newTokens() {
        return length - promptLength;
    }

    public int last() {
        return ids[length - 1];
    }

    /// What the encoder read; empty for a decoder alone.
    public int[] source() {
        return source.clone();
    }

    /// All tokens, in a new array.
    public int[] ids() {
        return Arrays.copyOf(ids, length);
    }

    /// The generated tokens, in a new array.
    public int[] continuation() {
        return Arrays.copyOfRange(ids, promptLength, length);
    }

    /// Whether the last `count` tokens are the first `count` of `word`.
    boolean endsWith(int[] word, int count) {
        return count <= length && Arrays.equals(ids, length - count, length, word, 0, count);
    }

    /// Whether the `count` tokens from `position` on are also the last ones.
    boolean endsAsAt(int position, int count) {
        return Arrays.equals(ids, length - count, length, ids, position, position + count);
    }

    /// This prefix and one token more; this one stays as it is.
    Prefix with(int token) {
        int[] more = Arrays.copyOf(ids, length + 1);
        more[length] = token;
        return new Prefix(source, promptLength, more, length + 1);
    }

    /// A prefix of its own to [#add] to.
    Prefix copy() {
        return new Prefix(source, promptLength, Arrays.copyOf(ids, length + 64), length);
    }

    void add(int token) {
        if (length == ids.length) {
            ids = Arrays.copyOf(ids, 2 * length);
        }
        ids[length++] = token;
    }

    @Override
    public String toString() {
        return "Prefix" + Arrays.toString(ids());
    }
}
