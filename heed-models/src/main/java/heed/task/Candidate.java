package heed.task;

import heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/// A token that may stand at a place.
///
/// @param token as in the vocabulary, `##` in front of a piece that continues a word; spelled out where the
/// vocabulary writes bytes or a mark for the space before a word
public record Candidate(String token, int id, double probability) {
    /// The most probable tokens, best first; of equal ones those with the lower id.
    ///
    /// @param probabilities of all tokens of the vocabulary
    /// @throws IllegalArgumentException when none are asked for
    public static List<Candidate> best(Tokenizer tokenizer, float[] probabilities, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("cannot give the best " + count + " words, ask for at least 1");
        }
        int[] ids = new int[Math.min(count, probabilities.length)];
        int size = 0;
        for (int id = 0; id < probabilities.length; id++) {
            if (size == ids.length && !(probabilities[id] > probabilities[ids[size - 1]])) {
                continue;
            }
            int at = size == ids.length ? size - 1 : size++;
            for (; at > 0 && probabilities[id] > probabilities[ids[at - 1]]; at--) {
                ids[at] = ids[at - 1];
            }
            ids[at] = id;
        }
        List<Candidate> best = new ArrayList<>(size);
        for (int id : ids) {
            best.add(new Candidate(spelled(tokenizer, id), id, probabilities[id]));
        }
        return List.copyOf(best);
    }

    private static String spelled(Tokenizer tokenizer, int id) {
        String text = tokenizer.decode(new int[] {id}, false).strip();
        boolean readable =
                !text.isEmpty() && text.codePoints().noneMatch(c -> c == '\uFFFD' || Character.isISOControl(c));
        return readable ? text : tokenizer.token(id).orElse("#" + id);
    }
}
