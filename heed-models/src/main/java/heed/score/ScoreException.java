package heed.score;

/// Outputs that cannot be scored, with the reason in one line for the person who gave them.
public final class ScoreException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ScoreException(String message) {
        super(message);
    }
}
