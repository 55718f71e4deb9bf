package heed.stack;

/// Where a block normalises.
public enum NormPlacement {
    /// `norm(x + f(x))`, as in the paper and in BERT.
    AFTER,
    /// `x + f(norm(x))`, as in GPT-2 and most later models: gradients reach the lower layers undamped (Xiong et
    /// al. 2020).
    BEFORE
}
