package heed.stack;

/// Where a block normalises.
public enum NormPlacement {
    /// `norm(x + f(x))`, as in the paper and in BERT.
    AFTER,
    /// `x + f(norm(x))`, as in GPT-2 and most later models: gradients reach the lower layers undamped (Xiong et
    /// al. 2020).
    BEFORE,
    /// `x + f(norm(x)) + g(norm'(x))`, as in GPT-NeoX: attention and feed-forward network read the same input
    /// and run side by side (Black et al. 2022, §2.1).
    PARALLEL
}
