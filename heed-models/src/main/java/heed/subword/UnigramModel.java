package heed.subword;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/// The unigram model (Kudo 2018, §3.2): a word is likely as the sum over all ways to cut it into pieces, and a
/// way as the product of its pieces. Learning begins with far too many pieces, the frequent substrings, and
/// takes turns: it estimates how likely each is (EM), and drops those whose loss costs least. Single characters
/// stay.
///
/// Words are worked on in blocks by all processors at once; sums are taken block by block, so the result does
/// not depend on how many there are.
public final class UnigramModel {
    /// What SentencePiece begins with at most.
    private static final int SEEDS = 1_000_000;

    private static final int LONGEST = 16; // characters of a piece, as in SentencePiece
    private static final double KEPT = 0.75; // of the pieces in every turn
    private static final int ESTIMATES = 2; // in every turn
    private static final double RARE = 0.5; // pieces that are expected less often are dropped
    private static final int BLOCKS = 16;

    private final int[][] words;
    private final double[] counts;
    private final List<String> characters;
    private List<String> pieces;
    private double[] scores; // log-probabilities

    /// A piece and its log-probability.
    public record Piece(String text, double score) {}

    private UnigramModel(WordCounts texts) {
        List<String> all = texts.words();
        words = all.stream().map(word -> word.codePoints().toArray()).toArray(int[][]::new);
        counts = all.stream().mapToDouble(texts::count).toArray();
        characters = texts.characters();
        pieces = List.of();
        scores = new double[0];
    }

    /// @param texts words, with the mark of their beginning
    /// @param size of the vocabulary, single characters included; fewer come out when there are not so many
    /// @return the likeliest first
    /// @throws IllegalArgumentException when `size` is less than the number of characters
    public static List<Piece> learn(WordCounts texts, int size, LearningProgress progress) {
        UnigramModel model = new UnigramModel(texts);
        if (size < model.characters.size()) {
            throw new IllegalArgumentException(
                    "a vocabulary of " + size + " cannot hold the " + model.characters.size() + " characters");
        }
        model.seed(texts, size, progress);
        int begun = model.pieces.size();
        while (true) {
            progress.at("pieces dropped", begun - model.pieces.size(), Math.max(1, begun - size));
            for (int i = 0; i < ESTIMATES; i++) {
                model.estimate(true);
            }
            if (model.pieces.size() <= size) {
                break;
            }
            model.prune(Math.max(size, (int) (model.pieces.size() * KEPT)));
        }
        model.estimate(false);
        model.estimate(false);
        return model.ranked();
    }

    /// Single characters and substrings that come in several places of different words, however often each word
    /// comes. To begin with all common words as well makes the texts less likely in the end: at first they take
    /// every occurrence from their parts, which are dropped, and the words themselves later.
    private void seed(WordCounts texts, int size, LearningProgress progress) {
        progress.at("substrings", 0, 1);
        Map<String, Integer> weights = new HashMap<>();
        FrequentSubstrings.of(texts, LONGEST)
                .forEach((text, places) -> weights.put(text, places * text.codePointCount(0, text.length())));
        Map<String, Double> kept = new LinkedHashMap<>();
        characters.forEach(character -> kept.put(character, 0.0));
        weights.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(Math.min(SEEDS, Math.max(1000, 40L * size)))
                .forEach(entry -> kept.put(entry.getKey(), entry.getValue().doubleValue()));
        for (int[] word : words) {
            for (int c : word) {
                kept.merge(Character.toString(c), 1.0, Double::sum);
            }
        }
        pieces = List.copyOf(kept.keySet());
        scores = kept.values().stream().mapToDouble(Double::doubleValue).toArray();
        double logSum = Math.log(Arrays.stream(scores).sum());
        scores = Arrays.stream(scores).map(score -> Math.log(score) - logSum).toArray();
    }

    /// One round of expectation and maximisation.
    ///
    /// @param sparse whether rare pieces are dropped and made rarer: the maximisation of a model with a prior
    /// that prefers few pieces (Liang & Klein 2007), as in SentencePiece
    private void estimate(boolean sparse) {
        double[] expected = expected();
        List<String> kept = new ArrayList<>();
        double[] weights = new double[pieces.size()];
        for (int id = 0; id < expected.length; id++) {
            boolean character = isCharacter(id);
            if (character || expected[id] >= RARE || !sparse) {
                weights[kept.size()] = Math.max(expected[id], character ? RARE : 1e-3);
                kept.add(pieces.get(id));
            }
        }
        double sum = Arrays.stream(weights).sum();
        double logSum = sparse ? digamma(sum) : Math.log(sum);
        scores = Arrays.stream(weights, 0, kept.size())
                .map(weight -> (sparse ? digamma(weight) : Math.log(weight)) - logSum)
                .toArray();
        pieces = List.copyOf(kept);
    }

    private boolean isCharacter(int id) {
        String piece = pieces.get(id);
        return piece.codePointCount(0, piece.length()) == 1;
    }

    /// How often each piece is expected, over all words.
    private double[] expected() {
        return overWords(new PieceTrie(pieces), (lattice, w, sums) -> lattice.expect(words[w], counts[w], sums));
    }

    /// How often each piece is in the likeliest cuts.
    private double[] frequencies(PieceTrie trie) {
        return overWords(trie, (lattice, w, sums) -> {
            for (int piece : Objects.requireNonNull(lattice.cut(words[w], -1), "single characters")) {
                sums[piece] += counts[w];
            }
        });
    }

    /// What is done with a word.
    private interface Visit {
        /// @param sums of pieces, to be added to
        void word(Lattice lattice, int w, double[] sums);
    }

    private double[] overWords(PieceTrie trie, Visit visit) {
        List<double[]> blocks = IntStream.range(0, BLOCKS)
                .parallel()
                .mapToObj(block -> {
                    double[] sums = new double[pieces.size()];
                    Lattice lattice = new Lattice(trie, scores);
                    for (int w = from(block); w < from(block + 1); w++) {
                        visit.word(lattice, w, sums);
                    }
                    return sums;
                })
                .toList();
        double[] all = new double[pieces.size()];
        for (double[] block : blocks) {
            for (int id = 0; id < all.length; id++) {
                all[id] += block[id];
            }
        }
        return all;
    }

    private int from(int block) {
        return (int) ((long) words.length * block / BLOCKS);
    }

    /// Keeps the characters and the pieces whose absence would cost most. What a piece costs is reckoned as if
    /// all its places were cut in its own second-best way.
    private void prune(int size) {
        PieceTrie trie = new PieceTrie(pieces);
        double[] frequencies = frequencies(trie);
        double sum = Arrays.stream(frequencies).sum();
        Lattice lattice = new Lattice(trie, scores);
        double[] losses = new double[pieces.size()];
        for (int id = 0; id < losses.length; id++) {
            losses[id] = isCharacter(id) ? Double.POSITIVE_INFINITY : loss(id, frequencies, sum, lattice);
        }
        int[] order = IntStream.range(0, losses.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer id) -> -losses[id])) // stable: earlier ones first
                .limit(Math.max(size, characters.size()))
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        List<String> before = pieces;
        double[] scoresBefore = scores;
        pieces = IntStream.of(order).mapToObj(before::get).toList();
        scores = IntStream.of(order).mapToDouble(id -> scoresBefore[id]).toArray();
    }

    private double loss(int id, double[] frequencies, double sum, Lattice lattice) {
        double frequency = frequencies[id];
        if (frequency == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        int[] others = lattice.cut(pieces.get(id).codePoints().toArray(), id);
        if (others == null) {
            return Double.POSITIVE_INFINITY;
        }
        double logSum = Math.log(sum + frequency * (others.length - 1));
        double instead = 0;
        for (int other : others) {
            instead += Math.log(frequencies[other] + frequency) - logSum;
        }
        return frequency * (Math.log(frequency) - Math.log(sum) - instead);
    }

    private List<Piece> ranked() {
        return IntStream.range(0, pieces.size())
                .mapToObj(id -> new Piece(pieces.get(id), scores[id]))
                .sorted(Comparator.comparingDouble((Piece piece) -> -piece.score)
                        .thenComparing(Piece::text))
                .toList();
    }

    /// The derivative of the logarithm of the gamma function, by its recurrence up to 6 and an asymptotic
    /// series.
    static double digamma(double x) {
        double shifted = x;
        double sum = 0;
        while (shifted < 6) {
            sum -= 1 / shifted;
            shifted++;
        }
        double square = 1 / (shifted * shifted);
        return sum
                + Math.log(shifted)
                - 0.5 / shifted
                - square * (1 / 12.0 - square * (1 / 120.0 - square * (1 / 252.0 - square / 240)));
    }

    /// The log-probability of all words, over all ways to cut them: what learning makes high.
    ///
    /// @throws IllegalArgumentException when the pieces cannot spell a word
    public static double logLikelihood(WordCounts texts, List<Piece> pieces) {
        PieceTrie trie = new PieceTrie(pieces.stream().map(Piece::text).toList());
        Lattice lattice =
                new Lattice(trie, pieces.stream().mapToDouble(Piece::score).toArray());
        double[] expected = new double[pieces.size()];
        double sum = 0;
        for (String word : texts.words()) {
            double one = lattice.expect(word.codePoints().toArray(), 1, expected);
            if (one == Double.NEGATIVE_INFINITY) {
                throw new IllegalArgumentException("the pieces cannot spell '" + word + "'");
            }
            sum += texts.count(word) * one;
        }
        return sum;
    }
}
