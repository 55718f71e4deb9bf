package heed.lens.capture;

/// What is shown of a pair of tokens.
public enum Measure {
    /// The attention weight.
    WEIGHT,
    /// The weight times the length of the value vector it is given to, as a share of its row: a large weight on
    /// a short vector moves little (Kobayashi et al. 2020, §3).
    VALUE
}
