package heed.task;

/// How an answer is looked for in a context.
///
/// @param maxTokens the longest window of question and context together; a longer context is cut into windows
/// @param overlap the tokens of the context that a window shares with the one before
/// @param maxAnswerTokens the longest answer
/// @param orNone whether no answer at all may be the best one, for models that were trained for it
public record AnswerOptions(int maxTokens, int overlap, int maxAnswerTokens, boolean orNone) {
    private static final AnswerOptions DEFAULTS = new AnswerOptions(384, 128, 15, false);

    public AnswerOptions {
        if (maxTokens < 1 || overlap < 0 || maxAnswerTokens < 1) {
            throw new IllegalArgumentException("windows of " + maxTokens + " tokens that share " + overlap
                    + " and answers of at most " + maxAnswerTokens + " tokens make no sense");
        }
    }

    /// Windows of 384 tokens that share 128, as is customary for SQuAD; answers of at most 15 tokens, and
    /// always one.
    public static AnswerOptions defaults() {
        return DEFAULTS;
    }

    public AnswerOptions withMaxTokens(int tokens) {
        return new AnswerOptions(tokens, overlap, maxAnswerTokens, orNone);
    }

    public AnswerOptions withOverlap(int tokens) {
        return new AnswerOptions(maxTokens, tokens, maxAnswerTokens, orNone);
    }

    public AnswerOptions withMaxAnswerTokens(int tokens) {
        return new AnswerOptions(maxTokens, overlap, tokens, orNone);
    }

    public AnswerOptions orNone(boolean allowed) {
        return new AnswerOptions(maxTokens, overlap, maxAnswerTokens, allowed);
    }
}
