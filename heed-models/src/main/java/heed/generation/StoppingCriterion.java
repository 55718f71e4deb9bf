package heed.generation;

/// Says when a sequence is complete, besides its end token and its greatest length.
@FunctionalInterface
public interface StoppingCriterion {
    /// @param prefix the tokens so far, the newest included
    boolean stops(Prefix prefix);
}
