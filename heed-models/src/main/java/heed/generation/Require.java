package heed.generation;

/// Refuses options that make no sense.
final class Require {
    private Require() {}

    /// @throws IllegalArgumentException with this message when the condition does not hold
    static void that(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
