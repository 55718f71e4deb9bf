package heed.score;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Words, characters and how often their neighbourhoods come.
final class NGrams {
    private NGrams() {}

    /// The words between white space, as Python's `str.split` tells them apart: no-break spaces and the
    /// separators of files and groups are white space too.
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean between = i == text.length() || isSpace(text.charAt(i));
            if (between && start >= 0) {
                words.add(text.substring(start, i));
                start = -1;
            } else if (!between && start < 0) {
                start = i;
            }
        }
        return words;
    }

    /// All of these lie in the first plane.
    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    /// Without white space at the end.
    static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /// Code points, each as a text.
    static List<String> characters(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    /// How often each run of `n` tokens comes. Tokens have no white space in them, unless `between` is empty
    /// and they are single characters: no two runs are spelled alike.
    static Map<String, Integer> count(List<String> tokens, int n, String between) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= tokens.size(); i++) {
            counts.merge(String.join(between, tokens.subList(i, i + n)), 1, Integer::sum);
        }
        return counts;
    }

    static int total(Map<String, Integer> counts) {
        int total = 0;
        for (int count : counts.values()) {
            total += count;
        }
        return total;
    }

    /// How many n-grams two texts have in common, each as often as in the text that has it less often.
    static int matches(Map<String, Integer> counts, Map<String, Integer> others) {
        int matches = 0;
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            matches += Math.min(entry.getValue(), others.getOrDefault(entry.getKey(), 0));
        }
        return matches;
    }
}
