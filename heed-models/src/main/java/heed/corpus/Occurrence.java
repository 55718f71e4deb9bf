package heed.corpus;

/// Where a word stands in a text.
///
/// @param start its first character, in UTF-16 units
/// @param end the character after its last
public record Occurrence(String text, int start, int end) {
    public Occurrence {
        if (start < 0 || end <= start || end > text.length()) {
            throw new IllegalArgumentException("characters " + start + " to " + end + " are no word of a text of "
                    + text.length() + " characters");
        }
    }

    /// The word as it stands there.
    public String form() {
        return text.substring(start, end);
    }
}
