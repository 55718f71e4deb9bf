package heed.claims;

import heed.pass.Pass;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.timing.Timing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The same text read by an LSTM and by a Transformer of two layers and equally many parameters, before either
/// has learned anything: how long the chain of operations is, how long reading takes here, and how much each
/// word influences what is known at each later one.
///
/// @param words how many there are
public record SideBySide(int words, List<Reader> readers) {
    /// The longest text: a longer one has more influences than anybody looks at.
    public static final int MOST_WORDS = 40;

    private static final int LAYERS = 2;
    private static final int WIDTH = 64;
    private static final int TIMES = 5;
    private static final long SEED = 1;

    /// One of the two.
    ///
    /// @param chain operations that wait for each other, see [Chain]
    /// @param milliseconds of reading the text once, at best
    /// @param influence row j has the influence of the words 0 to j on the state of word j, as shares of the
    /// greatest
    public record Reader(String name, int parameters, int chain, double milliseconds, List<List<Double>> influence) {
        public Reader {
            influence = influence.stream().map(List::copyOf).toList();
        }
    }

    public SideBySide {
        readers = List.copyOf(readers);
    }

    /// Lets both read a text of so many words, every one another word.
    ///
    /// @throws IllegalArgumentException when there are too few words or too many
    public static SideBySide of(int words, Compute compute) {
        if (words < 2 || words > MOST_WORDS) {
            throw new IllegalArgumentException(
                    "a text of " + words + " words is not read side by side, use 2 to " + MOST_WORDS);
        }
        Reading reading = new Reading(MOST_WORDS, 2, MOST_WORDS);
        SequenceModel transformer = Architecture.TRANSFORMER.fresh(reading, LAYERS, WIDTH, SEED);
        int width = Architecture.nearest(
                2 * WIDTH,
                transformer.parameters(),
                wide -> Architecture.LSTM.fresh(reading, LAYERS, wide, SEED).parameters());
        SequenceModel lstm = Architecture.LSTM.fresh(reading, LAYERS, width, SEED);
        return new SideBySide(
                words,
                List.of(
                        reader(Architecture.LSTM.shown(), lstm, words, compute),
                        reader(Architecture.TRANSFORMER.shown(), transformer, words, compute)));
    }

    private static Reader reader(String name, SequenceModel model, int words, Compute compute) {
        int[] ids = IntStream.range(0, words).toArray();
        Timing timing = Timing.of(
                () -> {
                    model.hidden(ids, Sequences.single(words), Pass.unwatched(compute));
                    compute.reset();
                },
                0,
                TIMES,
                TIMES);
        List<List<Double>> influence = new ArrayList<>();
        for (int j = 0; j < words; j++) {
            double[] norms = Influence.of(model, Arrays.copyOf(ids, j + 1), SEED, compute);
            double most = Arrays.stream(norms).max().orElse(0);
            influence.add(Arrays.stream(norms)
                    .mapToObj(norm -> most > 0 ? norm / most : 0)
                    .toList());
        }
        return new Reader(name, model.parameters(), Chain.of(model, ids, compute), 1e3 * timing.best(), influence);
    }
}
