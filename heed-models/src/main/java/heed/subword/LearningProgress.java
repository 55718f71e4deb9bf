package heed.subword;

/// Told how far learning has come.
@FunctionalInterface
public interface LearningProgress {
    /// @param stage what is being done, for people
    /// @param done steps of `of`
    void at(String stage, long done, long of);

    /// Tells nobody.
    static LearningProgress none() {
        return (stage, done, of) -> {};
    }
}
