package heed.generation;

/// Why a sequence ended.
public enum Finish {
    /// The model wrote an end token.
    END_TOKEN,
    /// It has as many tokens as were allowed.
    LENGTH,
    /// A stop string or a [StoppingCriterion] said so.
    STOP,
    /// Somebody cancelled; the tokens so far are kept.
    CANCELLED,
    /// The time was up; the tokens so far are kept.
    DEADLINE;

    /// Whether it came to an end by itself.
    public boolean complete() {
        return this == END_TOKEN || this == LENGTH || this == STOP;
    }
}
