package heed.moderation;

import java.util.Arrays;

/// A text made plain, and where each of its characters comes from.
///
/// @param starts for each UTF-16 unit of the text, where what it stands for begins in the original
/// @param ends for each, where that ends, exclusive
public record PlainText(String text, int[] starts, int[] ends) {
    public PlainText {
        if (starts.length != text.length() || ends.length != text.length()) {
            throw new IllegalArgumentException("a text of " + text.length() + " characters has " + starts.length
                    + " beginnings and " + ends.length + " ends");
        }
    }

    /// A stretch of a text, in UTF-16 units.
    ///
    /// @param end exclusive
    public record Span(int start, int end) {}

    /// What a stretch of this text is in the original. Nothing is there what an empty stretch stands for.
    public Span original(int start, int end) {
        if (start >= end) {
            int at = start < starts.length ? starts[start] : ends.length == 0 ? 0 : ends[ends.length - 1];
            return new Span(at, at);
        }
        return new Span(starts[start], ends[end - 1]);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PlainText that
                && text.equals(that.text)
                && Arrays.equals(starts, that.starts)
                && Arrays.equals(ends, that.ends);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
