package heed.kernel;

/// The elementwise function after a linear map.
public enum Activation {
    /// `x`
    IDENTITY,
    /// `max(0, x)`
    RELU,
    /// `x Φ(x) = x/2 (1 + erf(x/√2))`, Hendrycks and Gimpel 2016.
    GELU,
    /// `x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))`, the approximation that GPT-2 was trained with.
    GELU_TANH,
    /// `x / (1 + e^(-1.702 x))`, the other approximation of Hendrycks and Gimpel 2016.
    QUICK_GELU,
    /// `x / (1 + e⁻ˣ)`
    SILU,
    /// `tanh x`
    TANH
}
