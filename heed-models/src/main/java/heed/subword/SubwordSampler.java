package heed.subword;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Cuts some words of a text otherwise than usual, each time by chance: a model that has seen a word in several
/// cuts spells what it has never seen (subword regularisation, Kudo 2018, §3.1).
///
/// Used by one thread.
public final class SubwordSampler {
    private static final String SPACE = "\u2581";

    private final List<String> tokens;
    private final int[] ids; // of the pieces
    private final boolean[] piece; // by id
    private final Lattice lattice;
    private final double share;

    /// @param tokens of the vocabulary, by id
    /// @param scores their log-probabilities; `NaN` for what is no piece: special tokens and bytes
    /// @param share of the words that are cut anew
    /// @param smoothing the exponent of the probabilities: 1 draws as the model says, 0 any cut alike
    public SubwordSampler(List<String> tokens, double[] scores, double share, double smoothing) {
        this.tokens = List.copyOf(tokens);
        this.share = share;
        this.ids = IntStream.range(0, scores.length)
                .filter(id -> !Double.isNaN(scores[id]))
                .toArray();
        this.piece = new boolean[scores.length];
        for (int id : ids) {
            piece[id] = true;
        }
        this.lattice = new Lattice(
                new PieceTrie(Arrays.stream(ids).mapToObj(tokens::get).toList()),
                Arrays.stream(ids).mapToDouble(id -> smoothing * scores[id]).toArray());
    }

    /// The tokens of the same text, some words cut anew.
    public int[] sample(int[] text, SplittableRandom random) {
        List<int[]> words = new ArrayList<>();
        for (int from = 0; from < text.length; ) {
            int to = from + 1;
            while (to < text.length && !tokens.get(text[to]).startsWith(SPACE) && piece[text[to]]) {
                to++;
            }
            int[] word = Arrays.copyOfRange(text, from, to);
            words.add(random.nextDouble() < share ? sampled(word, random) : word);
            from = to;
        }
        return words.stream().flatMapToInt(Arrays::stream).toArray();
    }

    private int[] sampled(int[] word, SplittableRandom random) {
        if (!Arrays.stream(word).allMatch(id -> piece[id])) {
            return word;
        }
        StringBuilder text = new StringBuilder();
        for (int id : word) {
            text.append(tokens.get(id));
        }
        int[] drawn = lattice.sample(text.codePoints().toArray(), random);
        return drawn == null ? word : Arrays.stream(drawn).map(one -> ids[one]).toArray();
    }
}
