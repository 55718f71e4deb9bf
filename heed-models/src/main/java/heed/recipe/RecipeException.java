package heed.recipe;

/// A recipe, or what it names, cannot be trained with; the message says what to change.
public final class RecipeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public RecipeException(String message) {
        super(message);
    }

    public RecipeException(String message, Throwable cause) {
        super(message, cause);
    }
}
