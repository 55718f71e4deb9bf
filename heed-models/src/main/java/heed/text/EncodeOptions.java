package heed.text;

/// How a text becomes tokens.
///
/// @param specialTokens whether the model's own frame, such as `[CLS] … [SEP]`, is put around the text
/// @param maxTokens the most tokens that a row may have, special tokens included; 0 sets no limit
public record EncodeOptions(boolean specialTokens, int maxTokens) {
    private static final EncodeOptions DEFAULTS = new EncodeOptions(true, 0);

    public EncodeOptions {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("maxTokens is " + maxTokens + ", but must be 0 (no limit) or more");
        }
    }

    /// Special tokens, and no limit.
    public static EncodeOptions defaults() {
        return DEFAULTS;
    }

    /// The same with at most `limit` tokens a row; see [Encoding#truncated(int)] for what is cut.
    public EncodeOptions withMaxTokens(int limit) {
        return new EncodeOptions(specialTokens, limit);
    }

    /// The same with the tokens of the text alone.
    public EncodeOptions withoutSpecialTokens() {
        return new EncodeOptions(false, maxTokens);
    }
}
