package heed.corpus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Pairs to learn from, to choose by and to test with, such that no text of one part is in another: neither as
/// a source nor as a target, whatever its case, digits and punctuation.
///
/// Which pairs test depends on each pair alone, not on the order or number of the others; so a corpus that
/// grows keeps most of its test.
///
/// @param train all that share nothing with the others
public record PairSplit(List<TextPair> train, List<TextPair> validation, List<TextPair> test) {
    private static final int LEAST_WORDS = 4;
    private static final int MOST_WORDS = 40;
    private static final int MOST_TARGET_WORDS = 60;
    private static final Pattern SENTENCE =
            Pattern.compile("[\\p{Lu}\"“].*[.?!\"”]", Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern MARKS = Pattern.compile("%\\w|\\$\\w|[{}<>\\\\]|https?:|&\\w+;|\\[\\[|--\\w|@\\w");

    public PairSplit {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    /// Tests with whole sentences without placeholders.
    ///
    /// @param validation how many pairs
    /// @param test how many pairs
    /// @throws CorpusException when there are too few sentences
    public static PairSplit of(List<TextPair> pairs, int validation, int test) {
        Map<String, TextPair> sentences = new LinkedHashMap<>();
        for (TextPair pair : pairs) {
            if (isSentence(pair)) {
                sentences.putIfAbsent(PairKey.of(pair.source()), pair);
            }
        }
        if (sentences.size() < validation + test) {
            throw new CorpusException("there are " + sentences.size() + " sentences of " + LEAST_WORDS + " to "
                    + MOST_WORDS + " words, too few for " + validation + " to validate and " + test + " to test");
        }
        List<TextPair> drawn = sentences.values().stream()
                .sorted(Comparator.comparing(pair -> PairKey.digest(pair.source(), "split")))
                .limit((long) validation + test)
                .toList();
        List<TextPair> tested = drawn.subList(0, test);
        Keys keys = new Keys();
        tested.forEach(keys::add);
        List<TextPair> validated = drawn.subList(test, test + validation).stream()
                .filter(keys::knowNeither)
                .toList();
        validated.forEach(keys::add);
        List<TextPair> train = pairs.stream().filter(keys::knowNeither).toList();
        return new PairSplit(train, validated, tested);
    }

    private static boolean isSentence(TextPair pair) {
        int words = words(pair.source());
        int targetWords = words(pair.target());
        return words >= LEAST_WORDS
                && words <= MOST_WORDS
                && targetWords >= 2
                && targetWords <= MOST_TARGET_WORDS
                && SENTENCE.matcher(pair.source()).matches()
                && !MARKS.matcher(pair.source()).find()
                && !MARKS.matcher(pair.target()).find();
    }

    private static int words(String text) {
        return text.split("\\s+").length;
    }

    private static final class Keys {
        private final Set<String> sources = new HashSet<>();
        private final Set<String> targets = new HashSet<>();

        void add(TextPair pair) {
            sources.add(PairKey.of(pair.source()));
            targets.add(PairKey.of(pair.target()));
        }

        boolean knowNeither(TextPair pair) {
            return !sources.contains(PairKey.of(pair.source())) && !targets.contains(PairKey.of(pair.target()));
        }
    }

    /// All pairs, by part.
    public Map<String, List<TextPair>> parts() {
        Map<String, List<TextPair>> parts = new LinkedHashMap<>();
        parts.put("train", new ArrayList<>(train));
        parts.put("dev", new ArrayList<>(validation));
        parts.put("test", new ArrayList<>(test));
        return parts;
    }
}
