package heed.corpus;

/// A file of texts and translations cannot be read; the message names the file and the line.
public final class CorpusException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public CorpusException(String message) {
        super(message);
    }

    public CorpusException(String message, Throwable cause) {
        super(message, cause);
    }
}
