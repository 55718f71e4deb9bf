package heed.claims;

/// Something that lectures say of Transformers, and how it is measured here. The rule stands before the run,
/// and "not confirmed" is a result like any other.
public interface Claim {
    /// What it is called on the command line.
    String name();

    /// What is said.
    String statement();

    /// When it counts as confirmed.
    String rule();

    /// What a student asks about it.
    Lesson lesson();

    /// Runs the experiment.
    Finding measure(Trial trial);
}
