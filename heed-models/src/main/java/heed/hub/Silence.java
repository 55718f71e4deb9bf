package heed.hub;

/// The progress that nobody watches.
enum Silence implements Progress {
    SILENCE;

    @Override
    public void start(String what, long bytes) {}

    @Override
    public void advance(long bytes) {}

    @Override
    public void done() {}
}
