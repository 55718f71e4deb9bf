package heed.moderation.stream;

import heed.model.Model;

/// Judges streams of comments. Found by [java.util.ServiceLoader]; a program without the module simply cannot.
public interface StreamEngine {
    /// Judges a stream in this process until it ends, or until the watcher asks to stop.
    ///
    /// @param model the settings' model, opened; it stays open
    /// @return what came of it
    /// @throws heed.moderation.ModerationException when it cannot be begun, or failed for good, with the reason
    /// in one line
    StreamTally run(StreamSettings settings, Model model, Watcher watcher);

    /// Sees how a stream goes.
    interface Watcher {
        /// Something that a person should know.
        void note(String text);

        /// About once a second.
        void progress(StreamTally tally);

        /// Whether somebody wants it to stop; what was not decided then waits for the next run.
        boolean stopRequested();
    }
}
