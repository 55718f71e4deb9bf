package heed.corpus;

/// A text and its translation.
///
/// @param origin where the pair is from: a package, or a file and its line
public record TextPair(String source, String target, String origin) {
    /// The same origin, other texts.
    public TextPair with(String otherSource, String otherTarget) {
        return new TextPair(otherSource, otherTarget, origin);
    }
}
