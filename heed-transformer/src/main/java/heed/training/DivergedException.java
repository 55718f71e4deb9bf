package heed.training;

/// Training cannot go on: the loss or a gradient is not a number any more.
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DivergedException(String message) {
        super(message);
    }
}
