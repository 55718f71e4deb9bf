package heed.claims;

/// How much is run.
public enum Effort {
    /// Seconds: to see that it works.
    QUICK,
    /// Minutes: what the rules are written for.
    FULL;

    /// One of two numbers.
    public int choose(int quick, int full) {
        return this == QUICK ? quick : full;
    }
}
