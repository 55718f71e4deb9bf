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
        Tensor source = draw.uniform(0.1, sizes.sourceVocabulary(), sizes.width());
        Tensor target = draw.uniform(0.1, sizes.targetVocabulary(), sizes.width());
        Linear head = linear(draw, sizes.targetVocabulary(), sizes.width(), true);
        return of(cell, looking, sizes, draw, source, target, head);
    }

    /// A translator that knows nothing yet, with one vocabulary for both sides: one table of words for source
    /// and target, which also scores what comes next (Press and Wolf 2017).
    ///
    /// @throws IllegalArgumentException when the two vocabularies are not of one size
    public static RecurrentTranslator tied(RecurrentCell cell, Looking looking, Sizes sizes, long seed) {
        if (sizes.sourceVocabulary() != sizes.targetVocabulary()) {
            throw new IllegalArgumentException(
                    "one table cannot have " + sizes.sourceVocabulary() + " words and " + sizes.targetVocabulary());
        }
        Initializer draw = new Initializer(seed);
        Tensor words = draw.uniform(0.1, sizes.sourceVocabulary(), sizes.width());
        Linear head = new Linear(Weight.learned(words), Tensor.zeros(sizes.sourceVocabulary()));
        return of(cell, looking, sizes, draw, words, words, head);
    }

    private static RecurrentTranslator of(
            RecurrentCell cell,
            Looking looking,
            Sizes sizes,
            Initializer draw,
            Tensor source,
            Tensor target,
            Linear head) {
        int width = sizes.width();
        int layers = sizes.layers();
        RecurrentStack encoder = RecurrentStack.fresh(cell, width, width / 2, layers, true, draw);
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
                new Embedding("source token id", source),
                encoder,
                new Embedding("target token id", target),
                decoder,
                head);
    }

    private static Linear linear(Initializer draw, int out, int in, boolean bias) {
        double bound = 1 / Math.sqrt(in);
        return new Linear(Weight.learned(draw.uniform(bound, out, in)), bias ? draw.uniform(bound, out) : null);
    }

    /// Reads sources.
    public RecurrentSource read(int[] ids, Sequences sources, Pass pass) {
        Tensor x = pass.noise().dropEmbedding(sourceWords.apply(ids, pass), pass.compute());
        RecurrentStack.Run run = encoder.apply(x, sources, null, pass.at(Site.encoder(-1)));
        Memory memory = new Memory(run.hidden(), sources);
        return new RecurrentSource(memory, decoder.keys(run.hidden(), pass), bothHalves(run.last(), pass));
    }

    /// A state of both directions as one of twice the width.
    private static RecurrentState bothHalves(RecurrentState last, Pass pass) {
        List<Tensor> joined = new ArrayList<>();
        for (int i = 0; i < last.parts().size(); i += 2) {
            joined.add(pass.compute().joined(last.parts().get(i), last.parts().get(i + 1)));
        }
        return new RecurrentState(joined);
    }

    /// Goes on with targets: `[N] → [N, D]`, what the head scores the next tokens by.
    ///
    /// @param before the decoder's state; null for the one that the sources led to
    public RecurrentDecoder.Written write(
            int[] ids, Sequences targets, RecurrentSource source, @Nullable RecurrentState before, Pass pass) {
        if (source.memory().sequences().count() != targets.count()) {
            throw new IllegalArgumentException(
                    source.memory().sequences().count() + " sources, " + targets.count() + " targets");
        }
        Tensor y = pass.noise().dropEmbedding(targetWords.apply(ids, pass), pass.compute());
        RecurrentDecoder.Written written =
                decoder.write(y, targets, before == null ? source.start() : before, source, pass);
        Tensor output = pass.noise().dropResidual(written.output(), pass.compute());
        return new RecurrentDecoder.Written(output, written.after());
    }

    /// The scores of every next token of whole targets, as in training: `[N] → [N, V]`.
    public Tensor logits(int[] sourceIds, Sequences sources, int[] targetIds, Sequences targets, Pass pass) {
        RecurrentSource source = read(sourceIds, sources, pass);
        return head.apply(write(targetIds, targets, source, null, pass).output(), pass);
    }
}
