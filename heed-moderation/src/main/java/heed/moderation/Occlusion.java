package heed.moderation;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// Which words of a comment a score hangs on: each is left out in turn, and what the score loses is its part
/// (occlusion; Zeiler and Fergus 2014, section 4.2). It asks the model itself, for one word at a time; words
/// that are the cause only together each seem to have little part.
public final class Occlusion {
    /// More words than this are left out some at a time.
    private static final int MOST_PARTS = 200;

    private Occlusion() {}

    /// The parts of one label's score, the greatest first: the probability with a word less that without.
    ///
    /// @throws IllegalArgumentException when the text is empty or the model has no such label
    public static List<Part> of(LabelScorer scorer, String text, String label) {
        if (!scorer.labels().contains(label)) {
            throw new ModerationException(
                    "there is no label '" + label + "', the model has " + String.join(", ", scorer.labels()));
        }
        List<int[]> words = grouped(words(text));
        List<String> texts = new ArrayList<>();
        texts.add(text);
        for (int[] word : words) {
            texts.add(text.substring(0, word[0]) + text.substring(word[1]));
        }
        List<String> askable =
                texts.stream().map(one -> one.isBlank() ? "." : one).toList(); // a text of one word
        List<SequencedMap<String, LabelScorer.Score>> scores = scorer.score(askable);
        double whole = probability(scores.getFirst(), label);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            int[] word = words.get(i);
            double without = probability(scores.get(i + 1), label);
            parts.add(new Part(word[0], word[1], text.substring(word[0], word[1]), whole - without));
        }
        parts.sort(Comparator.comparingDouble(Part::part).reversed());
        return parts;
    }

    private static double probability(SequencedMap<String, LabelScorer.Score> scores, String label) {
        LabelScorer.Score score = scores.get(label);
        if (score == null) {
            throw new IllegalStateException("the scorer left out its label " + label);
        }
        return score.probability();
    }

    /// Where words begin and end.
    static List<int[]> words(String text) {
        BreakIterator boundaries = BreakIterator.getWordInstance(Locale.ROOT);
        boundaries.setText(text);
        List<int[]> words = new ArrayList<>();
        int start = 0;
        for (int end = boundaries.next(); end != BreakIterator.DONE; end = boundaries.next()) {
            if (text.substring(start, end).codePoints().anyMatch(Character::isLetterOrDigit)) {
                words.add(new int[] {start, end});
            }
            start = end;
        }
        return words;
    }

    private static List<int[]> grouped(List<int[]> words) {
        int together = Math.ceilDiv(Math.max(1, words.size()), MOST_PARTS);
        List<int[]> groups = new ArrayList<>();
        for (int from = 0; from < words.size(); from += together) {
            int to = Math.min(words.size(), from + together);
            groups.add(new int[] {words.get(from)[0], words.get(to - 1)[1]});
        }
        return groups;
    }
}
