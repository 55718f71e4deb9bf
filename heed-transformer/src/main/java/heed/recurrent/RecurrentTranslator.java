package heed.recurrent;

import heed.kernel.RecurrentCell;
import heed.layer.Embedding;
import heed.layer.Linear;
import heed.pass.Pass;
import heed.pass.Site;
import heed.stack.Memory;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.tensor.Weight;
import heed.training.Initializer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An encoder that reads a source from both ends, and a decoder that writes the target from the encoder's last
/// states, with or without attention. Each direction of the encoder has half the width of the decoder, so both
/// halves side by side are the decoder's first state.
public record RecurrentTranslator(
        Embedding sourceWords, RecurrentStack encoder, Embedding targetWords, RecurrentDecoder decoder, Linear head) {
    /// How the decoder looks at the source.
    public enum Looking {
        /// Not at all.
        NONE,
        /// [RecurrentDecoder.Luong], the product alone.
        LUONG_DOT,
        /// [RecurrentDecoder.Luong], with a matrix.
        LUONG_GENERAL,
        /// [RecurrentDecoder.Bahdanau].
        BAHDANAU
    }

    /// @param width of embeddings and of the decoder's states, even
    public record Sizes(int sourceVocabulary, int targetVocabulary, int layers, int width) {
        public Sizes {
            if (sourceVocabulary < 1 || targetVocabulary < 1 || layers < 1 || width < 2 || width % 2 != 0) {
                throw new IllegalArgumentException("a translator of " + layers + " layers of width " + width
                        + ", from " + sourceVocabulary + " to " + targetVocabulary
                        + " tokens, cannot be: all must be positive and the width even");
            }
        }
    }

    /// A translator that knows nothing yet.
    public static RecurrentTranslator fresh(RecurrentCell cell, Looking looking, Sizes sizes, long seed) {
        Initializer draw = new Initializer(seed);
        int width = sizes.width();
        int layers = sizes.layers();
        Embedding source = new Embedding("source token id", draw.uniform(0.1, sizes.sourceVocabulary(), width));
        RecurrentStack encoder = RecurrentStack.fresh(cell, width, width / 2, layers, true, draw);
        Embedding target = new Embedding("target token id", draw.uniform(0.1, sizes.targetVocabulary(), width));
        int read = looking == Looking.BAHDANAU ? 2 * width : width; // the word, and what was found
        RecurrentStack stack = RecurrentStack.fresh(cell, read, width, layers, false, draw);
        RecurrentDecoder decoder = switch (looking) {
            case NONE -> new RecurrentDecoder.Plain(stack);
            case LUONG_DOT -> new RecurrentDecoder.Luong(stack, null, linear(draw, width, 2 * width, false));
            case LUONG_GENERAL ->
                new RecurrentDecoder.Luong(
                        stack, linear(draw, width, width, false), linear(draw, width, 2 * width, false));
            case BAHDANAU ->
                new RecurrentDecoder.Bahdanau(
                        stack,
                        linear(draw, width, width, false),
                        linear(draw, width, width, true),
                        draw.uniform(1 / Math.sqrt(width), width),
                        linear(draw, width, 2 * width, true));
        };
        return new RecurrentTranslator(
                source, encoder, target, decoder, linear(draw, sizes.targetVocabulary(), width, true));
    }

    private static Linear linear(Initializer draw, int out, int in, boolean bias) {
        double bound = 1 / Math.sqrt(in);
        return new Linear(Weight.learned(draw.uniform(bound, out, in)), bias ? draw.uniform(bound, out) : null);
    }

    /// What the encoder made of a source: its states, and the first state of the decoder.
    public record Read(Memory memory, RecurrentState start) {}

    public Read encode(int[] ids, Sequences sources, Pass pass) {
        Tensor x = pass.noise().dropEmbedding(sourceWords.apply(ids, pass), pass.compute());
        RecurrentStack.Run run = encoder.apply(x, sources, null, pass.at(Site.encoder(-1)));
        return new Read(new Memory(run.hidden(), sources), bothHalves(run.last(), pass));
    }

    /// A state of both directions as one of twice the width.
    private static RecurrentState bothHalves(RecurrentState last, Pass pass) {
        List<Tensor> joined = new ArrayList<>();
        for (int i = 0; i < last.parts().size(); i += 2) {
            joined.add(pass.compute().joined(last.parts().get(i), last.parts().get(i + 1)));
        }
        return new RecurrentState(joined);
    }

    /// The scores of every next token of whole targets, as in training: `[N] → [N, V]`.
    public Tensor logits(int[] sourceIds, Sequences sources, int[] targetIds, Sequences targets, Pass pass) {
        if (sources.count() != targets.count()) {
            throw new IllegalArgumentException(sources.count() + " sources, " + targets.count() + " targets");
        }
        Read read = encode(sourceIds, sources, pass);
        Tensor y = pass.noise().dropEmbedding(targetWords.apply(targetIds, pass), pass.compute());
        return scores(decoder.whole(y, targets, read.start(), read.memory(), pass), pass);
    }

    private Tensor scores(Tensor output, Pass pass) {
        return head.apply(pass.noise().dropResidual(output, pass.compute()), pass);
    }

    /// @param logits the scores of the next token of each target, `[B, V]`
    public record Step(Tensor logits, RecurrentState after) {}

    /// One more token of every target.
    ///
    /// @param before the decoder's state; null for the one that the source led to
    public Step step(int[] ids, Read read, @Nullable RecurrentState before, Pass pass) {
        Tensor y = targetWords.apply(ids, pass);
        RecurrentDecoder.Step step = decoder.step(y, before == null ? read.start() : before, read.memory(), pass);
        return new Step(scores(step.output(), pass), step.after());
    }

    /// The most probable continuation, token by token.
    ///
    /// @param startId what a target begins with
    /// @param endId what ends it; not part of the result
    /// @param most tokens of a result
    public List<int[]> greedy(int[] sourceIds, Sequences sources, int startId, int endId, int most, Pass pass) {
        return Greedy.write(this, encode(sourceIds, sources, pass), startId, endId, most, pass);
    }
}
