package heed.moderation;

import java.util.List;

/// Says which words of a comment a score hangs on. Safe for any number of threads.
public interface Explainer {
    /// The parts of one label's score, the greatest first.
    ///
    /// @throws IllegalArgumentException when the text is empty, the model has no such label, or cannot be asked
    /// so
    List<Part> parts(LabelScorer scorer, String text, String label);

    /// Leaves each word out in turn ([Occlusion]); parts are differences of probabilities.
    static Explainer occlusion() {
        return Occlusion::of;
    }
}
