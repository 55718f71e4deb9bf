package heed.lens.capture;

import heed.task.Candidate;
import java.util.List;

/// What a model expects at a place: the word behind a mask, or the token that comes next.
///
/// @param token the place: of the mask, or of the last token before
/// @param candidates the most probable, best first
public record Prediction(int token, List<Candidate> candidates) {
    public Prediction {
        candidates = List.copyOf(candidates);
    }
}
