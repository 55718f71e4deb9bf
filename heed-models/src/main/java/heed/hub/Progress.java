package heed.hub;

/// Told how far the fetching of a model has come. One step runs at a time: `start`, any number of `advance`,
/// `done`.
public interface Progress {
    /// A step begins.
    ///
    /// @param what what is done, for people: "downloading minilm"
    /// @param bytes how much there is to do, or -1 when nobody knows
    void start(String what, long bytes);

    /// So many more bytes of the current step are done.
    void advance(long bytes);

    /// The current step is over, whether it succeeded or failed.
    void done();

    /// Tells nobody.
    static Progress none() {
        return Silence.SILENCE;
    }
}
