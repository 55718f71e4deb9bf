package heed.generation;

/// Hears of tokens as they are chosen. Beam search chooses only at its end, so its tokens come all at once.
@FunctionalInterface
public interface TokenListener {
    TokenListener NONE = (_, _) -> {};

    /// @param sequence which sequence, from 0: prompts in their order, the continuations of one prompt beside
    /// each other
    void token(int sequence, int id);
}
