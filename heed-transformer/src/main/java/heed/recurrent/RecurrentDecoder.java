package heed.recurrent;

import heed.attention.Attention;
import heed.attention.Heads;
import heed.attention.Scoring;
import heed.kernel.Activation;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.stack.Memory;
import heed.tensor.Pairs;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How a recurrent network writes about a source that another has read: from its last state alone, or looking
/// at all of its states while it writes. Weights can be watched at [Point#WEIGHTS] of [Site#cross] as in a
/// Transformer, `[1, Tq, Tk]`.
public sealed interface RecurrentDecoder {
    /// The layers that go from position to position.
    RecurrentStack stack();

    /// What the decoder compares its own state with, a row for each position of the source: `[Ns, D] → [Ns,
    /// A]`; null where those are the states themselves, or nothing.
    default @Nullable Tensor keys(Tensor states, Pass pass) {
        return null;
    }

    /// What was written.
    ///
    /// @param output `[N, D]`
    /// @param after the state after the last position of every target
    record Written(Tensor output, RecurrentState after) {}

    /// Goes on with targets by any number of positions, a whole target in training and one position in
    /// decoding: `[N, E] → [N, D]`.
    ///
    /// @param before the state before the first of these positions
    /// @param source what each target is about; only a decoder with attention looks at more than the state
    Written write(Tensor y, Sequences targets, RecurrentState before, RecurrentSource source, Pass pass);

    private static Pass inside(Pass pass) {
        return pass.at(Site.decoder(-1));
    }

    /// No attention: all that is known of the source is the state that its last position has left (Sutskever et
    /// al. 2014).
    record Plain(RecurrentStack stack) implements RecurrentDecoder {
        @Override
        public Written write(Tensor y, Sequences targets, RecurrentState before, RecurrentSource source, Pass pass) {
            RecurrentStack.Run run = stack.apply(y, targets, before, inside(pass));
            return new Written(run.hidden(), run.last());
        }
    }

    /// Global attention after each step (Luong et al. 2015, §3.1, without feeding its result to the next step,
    /// so that all positions look at once): `tanh(W [context; h])`, the score of a state and a source state
    /// their product, with a matrix between them or without.
    ///
    /// @param general the matrix between them; null for the product alone
    /// @param combine `[D, 2H]`
    record Luong(RecurrentStack stack, @Nullable Linear general, Linear combine) implements RecurrentDecoder {
        @Override
        public Written write(Tensor y, Sequences targets, RecurrentState before, RecurrentSource source, Pass pass) {
            RecurrentStack.Run run = stack.apply(y, targets, before, inside(pass));
            return new Written(look(run.hidden(), targets, source.memory(), pass), run.last());
        }

        private Tensor look(Tensor hidden, Sequences targets, Memory memory, Pass pass) {
            Tensor query = general == null ? hidden : general.apply(hidden, pass);
            Heads one = Heads.of(1, memory.states().size(1));
            Scoring scoring = Scoring.cross(targets, memory.sequences(), one).scaled(1);
            Tensor context = Attention.standard()
                    .attend(query, memory.states(), memory.states(), one, scoring, pass.at(Site.cross(0)));
            return combine.apply(pass.compute().joined(context, hidden), Activation.TANH, pass);
        }
    }

    /// Attention before each step, which reads what was found beside the last word (Bahdanau et al. 2015,
    /// §3.1): the state before the step asks, and the steps wait for each other.
    ///
    /// @param stack over inputs of width `E + 2H`: the word and the context
    /// @param query `[A, H]`
    /// @param key `[A, D]`, D the width of the source's states
    /// @param score `[A]`
    /// @param combine of context and hidden state, before the words are scored
    record Bahdanau(RecurrentStack stack, Linear query, Linear key, Tensor score, Linear combine)
            implements RecurrentDecoder {
        @Override
        public Tensor keys(Tensor states, Pass pass) {
            return key.apply(states, pass);
        }

        @Override
        public Written write(Tensor y, Sequences targets, RecurrentState before, RecurrentSource source, Pass pass) {
            int[] ranked = IntStream.range(0, targets.count())
                    .boxed()
                    .sorted(Comparator.<Integer>comparingInt(targets::length).reversed())
                    .mapToInt(Integer::intValue)
                    .toArray();
            List<Tensor> outputs = new ArrayList<>();
            int[] places = new int[targets.tokens()]; // of each position among the outputs of all steps
            List<RecurrentState> ended = new ArrayList<>(); // the states of those that came to their ends together
            List<int[]> numbers = new ArrayList<>(); // which those are
            RecurrentState state = before.of(ranked.length, ranked, pass);
            int running = ranked.length;
            int done = 0;
            for (int t = 0; t < targets.longest(); t++) {
                int still = running;
                while (targets.length(ranked[still - 1]) <= t) {
                    still--;
                }
                if (still < running) {
                    ended.add(state.of(running, IntStream.range(still, running).toArray(), pass));
                    numbers.add(Arrays.copyOfRange(ranked, still, running));
                    state = state.of(running, IntStream.range(0, still).toArray(), pass);
                    running = still;
                }
                int[] rows = new int[running];
                for (int rank = 0; rank < running; rank++) {
                    rows[rank] = targets.start(ranked[rank]) + t;
                    places[rows[rank]] = done + rank;
                }
                done += running;
                RecurrentSource seen = source.seenBy(Arrays.copyOf(ranked, running));
                Written step = advance(pass.compute().gather(y, rows), state, seen, pass);
                outputs.add(step.output);
                state = step.after;
            }
            ended.add(state);
            numbers.add(Arrays.copyOf(ranked, running));
            Tensor inOrder = pass.compute().gather(pass.compute().stacked(outputs), places);
            return new Written(
                    combine.apply(inOrder, Activation.TANH, pass), RecurrentState.together(ended, numbers, pass));
        }

        /// One position of each target: `[B, E] → [B, 2H]`, context and hidden state side by side.
        private Written advance(Tensor y, RecurrentState before, RecurrentSource source, Pass pass) {
            int count = y.size(0);
            Sequences positions = single(count);
            Pairs pairs = new Pairs(positions, source.memory().sequences());
            Tensor asking = before.parts().getLast().rows(0, count); // the hidden states of the last layer
            Tensor keys = Objects.requireNonNull(source.keys(), "read by another decoder");
            Tensor weights = pass.compute().additiveWeights(query.apply(asking, pass), keys, score, pairs);
            show(weights, pairs, pass.at(Site.cross(0)));
            Tensor context =
                    pass.compute().weightedSums(weights, source.memory().states(), pairs);
            RecurrentStack.Run run = stack.apply(pass.compute().joined(y, context), positions, before, inside(pass));
            return new Written(pass.compute().joined(context, run.hidden()), run.last());
        }

        /// Positions of a batch of which every sequence has one.
        private static Sequences single(int count) {
            int[] lengths = new int[count];
            Arrays.fill(lengths, 1);
            return Sequences.ofLengths(lengths);
        }

        private static void show(Tensor weights, Pairs pairs, Pass pass) {
            if (!pass.wants(Point.WEIGHTS)) {
                return;
            }
            for (int b = 0; b < pairs.queries().count(); b++) {
                int from = pairs.start(b);
                int keys = pairs.keys().length(b);
                Tensor own = weights.rows(from, from + keys).reshape(1, 1, keys);
                float[] seen = pass.see(Point.WEIGHTS, b, own).toArray();
                System.arraycopy(seen, 0, weights.values(), weights.offset() + from, keys);
            }
        }
    }
}
