package heed.generation;

/// When beam search may stop looking for something better.
public enum EarlyStopping {
    /// As soon as there are as many complete hypotheses as beams: `early_stopping=True`.
    WHEN_FULL,
    /// When the best open beam, scored at its present length, is no better than the worst complete hypothesis:
    /// `early_stopping=False`, the default.
    HEURISTIC,
    /// When no open beam can become better than the worst complete hypothesis, whatever comes:
    /// `early_stopping="never"`.
    NEVER
}
