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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How a recurrent network writes about a source that another has read: from its last state alone, or looking
/// at all of its states while it writes. Weights can be watched at [Point#WEIGHTS] of [Site#cross] as in a
/// Transformer, `[1, Tq, Tk]`.
public sealed interface RecurrentDecoder {
    /// The layers that go from position to position.
    RecurrentStack stack();

    /// Goes through whole targets at once, as in training: `[N, E] → [N, D]`.
    ///
    /// @param start the state before the first position
    /// @param memory the states of the source, which only a decoder with attention looks at
    Tensor whole(Tensor y, Sequences targets, RecurrentState start, Memory memory, Pass pass);

    /// What came of one position.
    ///
    /// @param output `[B, D]`
    record Step(Tensor output, RecurrentState after) {}

    /// Goes one position further in every target: `[B, E] → [B, D]`.
    Step step(Tensor y, RecurrentState before, Memory memory, Pass pass);

    /// Positions of a batch of which every sequence has one.
    private static Sequences single(int count) {
        int[] lengths = new int[count];
        Arrays.fill(lengths, 1);
        return Sequences.ofLengths(lengths);
    }

    private static Pass inside(Pass pass) {
        return pass.at(Site.decoder(-1));
    }

    /// No attention: all that is known of the source is the state that its last position has left (Sutskever et
    /// al. 2014).
    record Plain(RecurrentStack stack) implements RecurrentDecoder {
        @Override
        public Tensor whole(Tensor y, Sequences targets, RecurrentState start, Memory memory, Pass pass) {
            return stack.apply(y, targets, start, inside(pass)).hidden();
        }

        @Override
        public Step step(Tensor y, RecurrentState before, Memory memory, Pass pass) {
            RecurrentStack.Run run = stack.apply(y, single(y.size(0)), before, inside(pass));
            return new Step(run.hidden(), run.last());
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
        public Tensor whole(Tensor y, Sequences targets, RecurrentState start, Memory memory, Pass pass) {
            return look(stack.apply(y, targets, start, inside(pass)).hidden(), targets, memory, pass);
        }

        @Override
        public Step step(Tensor y, RecurrentState before, Memory memory, Pass pass) {
            Sequences targets = single(y.size(0));
            RecurrentStack.Run run = stack.apply(y, targets, before, inside(pass));
            return new Step(look(run.hidden(), targets, memory, pass), run.last());
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
        public Tensor whole(Tensor y, Sequences targets, RecurrentState start, Memory memory, Pass pass) {
            int[] ranked = IntStream.range(0, targets.count())
                    .boxed()
                    .sorted(Comparator.<Integer>comparingInt(targets::length).reversed())
                    .mapToInt(Integer::intValue)
                    .toArray();
            Tensor keys = key.apply(memory.states(), pass);
            RecurrentState state = start.of(ranked.length, ranked, pass);
            int running = ranked.length;
            List<Tensor> outputs = new ArrayList<>();
            int[] places = new int[targets.tokens()]; // of each position among the outputs of all steps
            int done = 0;
            for (int t = 0; t < targets.longest(); t++) {
                int before = running;
                while (targets.length(ranked[running - 1]) <= t) {
                    running--;
                }
                if (running < before) {
                    state = state.of(before, IntStream.range(0, running).toArray(), pass);
                }
                int[] rows = new int[running];
                for (int rank = 0; rank < running; rank++) {
                    rows[rank] = targets.start(ranked[rank]) + t;
                    places[rows[rank]] = done + rank;
                }
                done += running;
                Memory seen = of(memory, Arrays.copyOf(ranked, running));
                Step step = advance(pass.compute().gather(y, rows), state, seen, keys, pass);
                outputs.add(step.output);
                state = step.after;
            }
            Tensor inOrder = pass.compute().gather(pass.compute().stacked(outputs), places);
            return combine.apply(inOrder, Activation.TANH, pass);
        }

        @Override
        public Step step(Tensor y, RecurrentState before, Memory memory, Pass pass) {
            Step step = advance(y, before, memory, key.apply(memory.states(), pass), pass);
            return new Step(combine.apply(step.output, Activation.TANH, pass), step.after);
        }

        /// The memory of some sequences, which stays where it is.
        private static Memory of(Memory memory, int[] sequences) {
            Sequences all = memory.sequences();
            int[] starts = Arrays.stream(sequences).map(all::start).toArray();
            int[] lengths = Arrays.stream(sequences).map(all::length).toArray();
            return new Memory(memory.states(), Sequences.placed(starts, lengths, all.rows()));
        }

        /// `[B, E] → [B, 2H]`, context and hidden state side by side.
        private Step advance(Tensor y, RecurrentState before, Memory memory, Tensor keys, Pass pass) {
            int count = y.size(0);
            Sequences positions = single(count);
            Pairs pairs = new Pairs(positions, memory.sequences());
            Tensor asking = before.parts().getLast().rows(0, count); // the hidden states of the last layer
            Tensor weights = pass.compute().additiveWeights(query.apply(asking, pass), keys, score, pairs);
            show(weights, pairs, pass.at(Site.cross(0)));
            Tensor context = pass.compute().weightedSums(weights, memory.states(), pairs);
            RecurrentStack.Run run = stack.apply(pass.compute().joined(y, context), positions, before, inside(pass));
            return new Step(pass.compute().joined(context, run.hidden()), run.last());
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
