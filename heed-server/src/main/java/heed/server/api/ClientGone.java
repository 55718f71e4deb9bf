package heed.server.api;

/// Whoever asked went away: there is nobody to tell.
final class ClientGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClientGone(Throwable cause) {
        super("the client went away", cause);
    }
}
