package heed.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// One tokenized text, or pair of texts: a row of a batch, neither padded nor (unless asked for) truncated.
/// All arrays have one entry per token; they are not copied, treat them as read-only.
///
/// @param ids the rows of the vocabulary
/// @param typeIds the segment that each token belongs to, what BERT calls `token_type_ids`
/// @param tokens the spelling of each token, such as `##ing`; a part of the text itself where the vocabulary
///     has no token of that spelling and the model keeps the text
/// @param starts where in the text each token begins, in UTF-16 units as [String#charAt(int)] counts, 0 for
///     tokens that the model's frame added; the text is the one given, before any normalisation, and for a
///     pair the one of the two that [#sequences] says
/// @param ends where in the text each token ends, exclusive, and 0 for tokens that the model's frame added
/// @param special 1 for tokens that the model's frame added, such as `[CLS]`, otherwise 0; a special token
///     that the text itself spells, such as the `[MASK]` in "a [MASK] sat", has 0
/// @param words the index of the word within its text that the token is part of, -1 for tokens of the frame
/// @param sequences 0 for tokens of the text, 1 for those of its pair, -1 for those of the frame
public record Encoding(
        int[] ids,
        int[] typeIds,
        List<String> tokens,
        int[] starts,
        int[] ends,
        int[] special,
        int[] words,
        int[] sequences) {

    public Encoding {
        tokens = List.copyOf(tokens);
        int length = ids.length;
        if (typeIds.length != length
                || tokens.size() != length
                || starts.length != length
                || ends.length != length
                || special.length != length
                || words.length != length
                || sequences.length != length) {
            throw new IllegalArgumentException("an encoding of " + length + " ids has other parts of another length");
        }
    }

    /// The number of tokens.
    public int length() {
        return ids.length;
    }

    /// At most `maxTokens` tokens of this encoding, cut as Hugging Face cuts by default: the frame's tokens
    /// stay, tokens go from the end of the text; of a pair the longer text is cut first, and both to the
    /// same length once they are equal.
    ///
    /// @throws IllegalArgumentException if the frame alone has more than `maxTokens` tokens
    public Encoding truncated(int maxTokens) {
        return truncated(maxTokens, false);
    }

    Encoding truncated(int maxTokens, boolean fromStart) {
        if (length() <= maxTokens) {
            return this;
        }
        int frame = count(-1);
        if (maxTokens < frame) {
            throw new IllegalArgumentException(
                    "a limit of " + maxTokens + " tokens has no room for the " + frame + " special tokens");
        }
        int first = count(0);
        int second = count(1);
        int budget = maxTokens - frame;
        int keepFirst = budget;
        int keepSecond = 0;
        if (second > 0) {
            int shorter = Math.min(first, second);
            if (shorter <= budget / 2) { // only the longer one is cut
                keepFirst = first <= second ? first : budget - second;
                keepSecond = budget - keepFirst;
            } else { // both are; an odd token goes to the longer one, to the second if they count as equal
                boolean firstLonger = countUpTo(maxTokens, 0, fromStart) > countUpTo(maxTokens, 1, fromStart);
                keepFirst = firstLonger ? budget - budget / 2 : budget / 2;
                keepSecond = budget - keepFirst;
            }
        }
        int skipFirst = fromStart ? first - keepFirst : 0;
        int skipSecond = fromStart ? second - keepSecond : 0;
        int[] kept = new int[maxTokens];
        int size = 0;
        int seenFirst = 0;
        int seenSecond = 0;
        for (int i = 0; i < length(); i++) {
            boolean keep = switch (sequences[i]) {
                case 0 -> within(seenFirst++ - skipFirst, keepFirst);
                case 1 -> within(seenSecond++ - skipSecond, keepSecond);
                default -> true;
            };
            if (keep) {
                kept[size++] = i;
            }
        }
        return select(Arrays.copyOf(kept, size));
    }

    /// This encoding, its text cut into windows, of a pair its second text: each has the frame, the whole first
    /// text of a pair, and a stretch of what is cut.
    ///
    /// @param maxTokens the most tokens of a window
    /// @param overlap the tokens of the text that a window shares with the one before
    /// @throws IllegalArgumentException if what stays leaves no room for more than the overlap
    public List<Encoding> windows(int maxTokens, int overlap) {
        if (length() <= maxTokens) {
            return List.of(this);
        }
        int cut = IntStream.of(sequences).max().orElse(0);
        int tokens = count(cut);
        int room = maxTokens - (length() - tokens);
        if (room <= overlap) {
            throw new IllegalArgumentException("windows of " + maxTokens + " tokens have room for " + Math.max(room, 0)
                    + " of the " + (cut == 1 ? "second text beside the first and" : "text beside")
                    + " the special tokens, more than the " + overlap + " that they share are needed");
        }
        List<Encoding> windows = new ArrayList<>();
        int from = 0;
        do {
            windows.add(window(cut, from, Math.min(from + room, tokens)));
            from += room - overlap;
        } while (from + overlap < tokens);
        return List.copyOf(windows);
    }

    private Encoding window(int cut, int from, int to) {
        int[] seen = {0};
        return select(IntStream.range(0, length())
                .filter(i -> sequences[i] != cut || (seen[0]++ >= from && seen[0] <= to))
                .toArray());
    }

    private static boolean within(int position, int size) {
        return position >= 0 && position < size;
    }

    private int count(int sequence) {
        return (int) IntStream.of(sequences).filter(s -> s == sequence).count();
    }

    /// The length of a text as Hugging Face's library counts it when it truncates: it stops reading after the
    /// word that reaches the limit.
    private int countUpTo(int limit, int sequence, boolean backwards) {
        int count = 0;
        int word = -1;
        for (int k = 0; k < length(); k++) {
            int i = backwards ? length() - 1 - k : k;
            if (sequences[i] == sequence) {
                if (count >= limit && words[i] != word) {
                    break;
                }
                count++;
                word = words[i];
            }
        }
        return count;
    }

    private Encoding select(int[] positions) {
        return new Encoding(
                select(ids, positions),
                select(typeIds, positions),
                IntStream.of(positions).mapToObj(tokens::get).toList(),
                select(starts, positions),
                select(ends, positions),
                select(special, positions),
                select(words, positions),
                select(sequences, positions));
    }

    private static int[] select(int[] values, int[] positions) {
        int[] selected = new int[positions.length];
        for (int i = 0; i < positions.length; i++) {
            selected[i] = values[positions[i]];
        }
        return selected;
    }

    /// Equal when every token is equal in every respect; the arrays are compared by their contents.
    @Override
    public boolean equals(Object other) {
        return other instanceof Encoding that
                && Arrays.equals(ids, that.ids)
                && Arrays.equals(typeIds, that.typeIds)
                && tokens.equals(that.tokens)
                && Arrays.equals(starts, that.starts)
                && Arrays.equals(ends, that.ends)
                && Arrays.equals(special, that.special)
                && Arrays.equals(words, that.words)
                && Arrays.equals(sequences, that.sequences);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(ids), Arrays.hashCode(typeIds), tokens);
    }

    @Override
    public String toString() {
        return "Encoding[tokens=" + tokens + ", ids=" + Arrays.toString(ids) + "]";
    }
}
