package heed.subword;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The substrings of words that come at least twice and cannot be made longer without coming less often, with
/// how often they come. They are the inner nodes of a suffix tree, read off a suffix array: substrings with the
/// same beginning are neighbours there, and how much neighbours have in common tells where nodes begin and end
/// (Abouelhoda et al. 2004).
///
/// Suffixes are compared up to the longest piece alone, so sorting costs no more than that many steps a
/// character.
final class FrequentSubstrings {
    private static final int END = 0; // of a word; no character is
    private static final int FEW = 12; // sorted by insertion

    private final int longest;
    private final int[] text; // all words, each with an END behind it
    private final int[] suffixes;

    private FrequentSubstrings(WordCounts texts, int longest) {
        this.longest = longest;
        List<String> words = texts.words();
        int length = words.stream()
                .mapToInt(word -> word.codePointCount(0, word.length()) + 1)
                .sum();
        text = new int[length];
        int at = 0;
        for (String word : words) {
            for (int c : word.codePoints().toArray()) {
                text[at++] = c;
            }
            text[at++] = END;
        }
        suffixes = IntStream.range(0, length).filter(i -> text[i] != END).toArray();
    }

    /// @param longest in characters
    /// @return counts by substring, of two characters or more
    static Map<String, Integer> of(WordCounts texts, int longest) {
        FrequentSubstrings substrings = new FrequentSubstrings(texts, longest);
        substrings.sort(0, substrings.suffixes.length, 0);
        return substrings.nodes();
    }

    private int at(int suffix, int depth) {
        return text[suffix + depth];
    }

    /// Sorts suffixes that agree in their first characters by those that follow (Bentley & Sedgewick 1997).
    private void sort(int from, int to, int depth) {
        if (to - from < 2 || depth == longest) {
            return;
        }
        if (to - from <= FEW) {
            insert(from, to, depth);
            return;
        }
        int pivot =
                median(at(suffixes[from], depth), at(suffixes[(from + to) >>> 1], depth), at(suffixes[to - 1], depth));
        int less = from;
        int more = to;
        for (int i = from; i < more; ) {
            int c = at(suffixes[i], depth);
            if (c < pivot) {
                swap(less++, i++);
            } else if (c > pivot) {
                swap(i, --more);
            } else {
                i++;
            }
        }
        sort(from, less, depth);
        if (pivot != END) {
            sort(less, more, depth + 1);
        }
        sort(more, to, depth);
    }

    private void insert(int from, int to, int depth) {
        for (int i = from + 1; i < to; i++) {
            int suffix = suffixes[i];
            int j = i;
            while (j > from && before(suffix, suffixes[j - 1], depth)) {
                suffixes[j] = suffixes[j - 1];
                j--;
            }
            suffixes[j] = suffix;
        }
    }

    private boolean before(int suffix, int other, int depth) {
        for (int d = depth; d < longest; d++) {
            if (at(suffix, d) != at(other, d)) {
                return at(suffix, d) < at(other, d);
            }
            if (at(suffix, d) == END) {
                return false;
            }
        }
        return false;
    }

    private static int median(int a, int b, int c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    private void swap(int i, int j) {
        int suffix = suffixes[i];
        suffixes[i] = suffixes[j];
        suffixes[j] = suffix;
    }

    /// How many characters a suffix has in common with the one before it.
    private int common(int i) {
        int depth = 0;
        int suffix = suffixes[i];
        int other = suffixes[i - 1];
        while (depth < longest && at(suffix, depth) != END && at(suffix, depth) == at(other, depth)) {
            depth++;
        }
        return depth;
    }

    /// A node is a stretch of suffixes with a beginning in common that is longer than what they share with
    /// their neighbours. A stack has the nodes that are open.
    private Map<String, Integer> nodes() {
        Map<String, Integer> found = new HashMap<>();
        int[] depths = new int[longest + 2];
        int[] begins = new int[longest + 2];
        int open = 0; // the root, of depth 0
        for (int i = 1; i <= suffixes.length; i++) {
            int common = i == suffixes.length ? 0 : common(i);
            int begin = i - 1;
            while (depths[open] > common) {
                begin = begins[open];
                put(found, begin, depths[open], i - begin);
                open--;
            }
            if (depths[open] < common) {
                open++;
                depths[open] = common;
                begins[open] = begin;
            }
        }
        return found;
    }

    private void put(Map<String, Integer> found, int suffix, int length, int count) {
        if (length > 1) {
            found.put(new String(text, suffixes[suffix], length), count);
        }
    }
}
