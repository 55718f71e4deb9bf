package heed.task;

import heed.generation.Best;
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
        Best most = new Best(Math.min(count, probabilities.length)).offerAll(probabilities);
        List<Candidate> best = new ArrayList<>(most.size());
        for (int rank = 0; rank < most.size(); rank++) {
            int id = most.index(rank);
            best.add(new Candidate(spelled(tokenizer, id), id, most.score(rank)));
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
