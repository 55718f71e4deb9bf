package heed.task;

import heed.generation.Cancellation;
import heed.generation.ContinuousBatch;
import heed.generation.Decoding;
import heed.generation.Hypothesis;
import heed.generation.TokenListener;
import heed.model.DecodingSession;
import heed.model.Model;
import heed.pass.Watch;
import heed.tensor.Tensor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Writes on from prompts that come at any time, all in one batch that never ends ([ContinuousBatch]). What
/// follows a prompt is what [TextGenerator] writes for it alone. For one thread, which calls [#step] as long as
/// there is something to do; for a decoder that reads no source.
public final class ContinuousGenerator {
    /// As many as Hugging Face generates when nobody says.
    private static final int NEW_TOKENS = 20;

    private final Model model;
    private final ContinuousBatch batch = new ContinuousBatch(new SessionRows());
    private @Nullable DecodingSession session;
    private int longest;

    /// @throws IllegalArgumentException when the model does not write, or writes about a source
    public ContinuousGenerator(Model model) {
        Writer writer = new Writer(model, Decoding.greedy(), NEW_TOKENS, Watch.NONE);
        if (writer.hasEncoder()) {
            throw new IllegalArgumentException(
                    model.name() + " writes about a source, and sources cannot join a batch under way");
        }
        this.model = model;
    }

    /// The rows of a session, which begins anew whenever nobody is left.
    private final class SessionRows implements ContinuousBatch.Steps {
        @Override
        public void keep(int[] parents) {
            DecodingSession present = session;
            if (present == null || same(parents, present.sequences())) {
                return;
            }
            if (parents.length == 0) {
                session = null;
                longest = 0;
            } else {
                present.reorder(parents);
            }
        }

        private static boolean same(int[] parents, int rows) {
            return parents.length == rows && IntStream.range(0, rows).allMatch(row -> parents[row] == row);
        }

        @Override
        public Tensor feed(int[] tokens, List<int[]> joining) {
            DecodingSession present = session == null ? model.decode().reserve(longest) : session;
            session = present;
            return present.feed(
                    IntStream.of(tokens).mapToObj(id -> new int[] {id}).toList(), joining);
        }
    }

    /// A prompt and how to go on from it, checked against the model.
    public static final class Prompt {
        private final Writer writer;
        private final int[] ids;
        private final int mostTokens;

        /// @param mostTokens that it may come to have, itself included
        private Prompt(Writer writer, int[] ids, int mostTokens) {
            this.writer = writer;
            this.ids = ids;
            this.mostTokens = mostTokens;
        }
    }

    /// A prompt that may be added. On any thread.
    ///
    /// @throws IllegalArgumentException when the prompt is empty, or does not fit the model with what is to
    /// follow
    public Prompt prompt(int[] ids, Decoding decoding) {
        Writer writer = new Writer(model, decoding, NEW_TOKENS, Watch.NONE);
        return new Prompt(writer, ids, writer.mostTokens(ids, -1));
    }

    /// Whether there is room for one more prompt beside those under way; where nothing is there always is.
    public boolean hasRoom(Prompt prompt) {
        int rows = batch.rows() + prompt.writer.rowsPerPrompt();
        long positions = (long) rows * Math.max(longest, prompt.mostTokens);
        long cached = 2L * model.config().layers() * model.config().dModel() * positions;
        return batch.idle() || (rows <= Writer.MOST_ROWS && cached <= Writer.MOST_CACHED);
    }

    /// Wants what follows one more prompt, from the next step on.
    ///
    /// @param listener hears of tokens as they are chosen, on the thread that steps
    /// @return as many continuations as [Decoding#sequences] says, best first
    public CompletableFuture<List<Continuation>> add(Prompt prompt, TokenListener listener, Cancellation cancellation) {
        longest = Math.max(longest, prompt.mostTokens);
        Writer writer = prompt.writer;
        return batch.add(new ContinuousBatch.Request(
                        writer.prefix(prompt.ids),
                        writer.decoding(),
                        prompt.mostTokens,
                        writer.criteria(),
                        listener,
                        cancellation))
                .thenApply(found -> found.stream()
                        .map(one -> continuation(writer, prompt.ids, one))
                        .toList());
    }

    private static Continuation continuation(Writer writer, int[] prompt, Hypothesis found) {
        return new Continuation(prompt, found, writer.text(prompt, found.ids()));
    }

    /// Whether nothing is under way.
    public boolean idle() {
        return batch.idle();
    }

    /// The sequences under way.
    public int rows() {
        return batch.rows();
    }

    /// One more token of every sequence, and the first of every one that joined.
    public void step() {
        batch.step();
    }
}
