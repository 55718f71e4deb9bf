package heed.moderation;

import heed.moderation.LabelScorer.Score;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Says how likely comments have each of some labels: a model ([LabelScorer]), or what it is compared with.
/// Safe for any number of threads.
public interface Scorer {
    /// For people.
    String name();

    List<String> labels();

    /// The scores of many comments, each by label; the same as one by one, only faster.
    ///
    /// @throws IllegalArgumentException when one is empty, with its number
    List<SequencedMap<String, Score>> score(List<String> texts);

    /// The same that takes every text as it was written.
    Scorer withoutNormalizer();

    /// The same with other calibrations.
    ///
    /// @param calibrations by label; labels that have none are as the scores say
    /// @throws ModerationException when there is no such label
    Scorer calibrated(Map<String, Calibration> calibrations);
}
