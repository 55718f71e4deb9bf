package heed.lens.roles;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// A sentence in which it is known which words belong to which.
///
/// @param starts where each word begins, in UTF-16 units
/// @param ends the character after its last
@SuppressWarnings("ArrayRecordComponent") // handed over
public record LinkedSentence(String text, int[] starts, int[] ends, List<Link> links) {
    public LinkedSentence {
        links = List.copyOf(links);
    }

    /// From a word to the words that would be right, by their places in the sentence.
    public record Link(Role role, int from, List<Integer> to) {
        public Link {
            to = List.copyOf(to);
        }

        static Link of(Role role, int from, int to) {
            return new Link(role, from, List.of(to));
        }
    }

    /// Words with a space between them.
    static LinkedSentence of(List<String> words, List<Link> links) {
        int[] starts = new int[words.size()];
        int[] ends = new int[words.size()];
        int at = 0;
        for (int w = 0; w < starts.length; w++) {
            starts[w] = at;
            ends[w] = at + words.get(w).length();
            at = ends[w] + 1;
        }
        return new LinkedSentence(String.join(" ", words), starts, ends, links);
    }

    /// Words that stand more than once, each with its other places.
    ///
    /// @param counted which words count
    static List<Link> duplicates(List<String> words, IntPredicate counted) {
        List<Link> links = new ArrayList<>();
        for (int w = 0; w < words.size(); w++) {
            int own = w;
            List<Integer> others = IntStream.range(0, words.size())
                    .filter(other -> other != own && words.get(other).equalsIgnoreCase(words.get(own)))
                    .boxed()
                    .toList();
            if (counted.test(w) && !others.isEmpty()) {
                links.add(new Link(Role.DUPLICATE, w, others));
            }
        }
        return links;
    }

    int words() {
        return starts.length;
    }
}
