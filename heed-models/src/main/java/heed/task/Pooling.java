package heed.task;

/// How the hidden states of a text become one vector.
public enum Pooling {
    /// The mean over all tokens, the special ones included.
    MEAN,
    /// The first token, `[CLS]`.
    CLS
}
