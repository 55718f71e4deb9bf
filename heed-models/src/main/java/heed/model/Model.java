package heed.model;

import heed.attention.Past;
import heed.family.ConfigException;
import heed.family.EncoderDecoderNetwork;
import heed.family.ModelConfig;
import heed.family.Network;
import heed.family.Seq2SeqNetwork;
import heed.family.TokenBatch;
import heed.kernel.Kernels;
import heed.kernel.WeightFormat;
import heed.kernel.WorkerPool;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.stack.Memory;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import heed.text.Tokenizer;
import heed.text.Tokenizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A model that has been opened: parameters that never change, and the tokenizer that belongs to them. Safe for
/// any number of threads at once. [Models#open] opens one; the tasks in `heed.task` put it to work.
public final class Model implements AutoCloseable {
    private final String name;
    private final Path folder;
    private final Network network;
    private final WeightFormat weights;
    private final Kernels kernels;
    private final WorkerPool workers;
    private final ConcurrentLinkedQueue<Compute> idle = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable Tokenizer tokenizer;

    Model(String name, Path folder, Network network, WeightFormat weights, Kernels kernels, WorkerPool workers) {
        this.name = name;
        this.folder = folder;
        this.network = network;
        this.weights = weights;
        this.kernels = kernels;
        this.workers = workers;
    }

    /// What the model was opened as, for messages and results.
    public String name() {
        return name;
    }

    /// Where its files lie.
    public Path folder() {
        return folder;
    }

    public ModelConfig config() {
        return network.config();
    }

    /// The parameters and how they are put together.
    public Network network() {
        return network;
    }

    /// How the matrices of its linear maps are kept, and who multiplies with them.
    public WeightFormat weights() {
        return weights;
    }

    public Kernels kernels() {
        return kernels;
    }

    /// The threads that share the work of a pass.
    public WorkerPool workers() {
        return workers;
    }

    /// The tokenizer, opened when first asked for: a model without tokenizer files still takes ids.
    ///
    /// @throws heed.text.TokenizerException when the folder has no usable tokenizer
    /// @throws heed.family.ConfigException when it has more tokens than the model has embeddings
    public synchronized Tokenizer tokenizer() {
        requireOpen();
        Tokenizer opened = tokenizer;
        if (opened == null) {
            opened = Tokenizers.open(folder);
            if (opened.vocabularySize() > config().vocabularySize()) {
                int tokens = opened.vocabularySize();
                opened.close();
                throw new ConfigException("the tokenizer of " + name + " has " + tokens
                        + " tokens, the model has embeddings for " + config().vocabularySize());
            }
            tokenizer = opened;
        }
        return opened;
    }

    /// The tokens of a text, with the special ones that the model needs.
    ///
    /// @throws IllegalArgumentException when the text is empty or longer than the model can take
    public Encoding encode(String text, @Nullable String pair) {
        if (text.isBlank() || (pair != null && pair.isBlank())) {
            throw new IllegalArgumentException("the text is empty");
        }
        Encoding encoding = tokenizer().encode(text, pair, EncodeOptions.defaults());
        requireLength(encoding.ids().length, "the text");
        return encoding;
    }

    /// The tokens of many texts.
    ///
    /// @throws IllegalArgumentException when a text is empty or, after any truncation that `options` ask for,
    /// too long; the message has its number
    public List<Encoding> encode(List<String> texts, EncodeOptions options) {
        List<Encoding> encodings = tokenizer().encode(texts, options);
        for (int i = 0; i < texts.size(); i++) {
            String what = texts.size() == 1 ? "the text" : "text " + (i + 1);
            if (texts.get(i).isBlank()) {
                throw new IllegalArgumentException(what + " is empty");
            }
            requireLength(encodings.get(i).ids().length, what);
        }
        return encodings;
    }

    /// @param what names the tokens in the message
    /// @throws IllegalArgumentException when there are none or more than the model can take
    public void requireLength(int tokens, String what) {
        if (tokens == 0) {
            throw new IllegalArgumentException(what + " has no tokens");
        }
        if (tokens > config().maxTokens()) {
            throw new IllegalArgumentException(what + " has " + tokens + " tokens, " + name + " takes at most "
                    + config().maxTokens() + ": shorten it, split it, or have it truncated where that is offered");
        }
    }

    /// What every head of every layer looks at in a text.
    public AttentionMaps look(String text) {
        return look(text, null);
    }

    /// What every head of every layer looks at in a pair of texts.
    public AttentionMaps look(String text, @Nullable String pair) {
        return look(text, pair, Recording.of(Point.WEIGHTS));
    }

    /// As [#look(String, String)], in one pass with whatever else the recording is to keep.
    ///
    /// @param recording records at least [Point#WEIGHTS]
    public AttentionMaps look(String text, @Nullable String pair, Recording recording) {
        requireHeads();
        Encoding encoding = encode(text, pair);
        TokenBatch batch = batchOf(encoding);
        run(recording, pass -> network.encode(batch, pass));
        return maps(recording, network.reader(), config().layers(), encoding.tokens(), encoding.tokens());
    }

    /// What a decoder behind an encoder reads while it writes a target: the token that every target begins
    /// with, then those of the text but its end, after which nothing is written.
    ///
    /// @param tokens the spelling of each
    /// @param written the spelling of what is written after each: the token after it, and last the end
    public record Target(int[] ids, List<String> tokens, List<String> written) {
        /// What is written last where no end is.
        public static final String OPEN = "…";

        /// @param end what is written after the last token, [#OPEN] where that is not known
        public static Target of(int[] ids, List<String> tokens, String end) {
            List<String> written = new ArrayList<>(tokens.subList(1, tokens.size()));
            written.add(end);
            return new Target(ids, List.copyOf(tokens), List.copyOf(written));
        }
    }

    /// @throws IllegalArgumentException when the model has no encoder and a decoder, or the text is empty or
    /// too long
    public Target target(String text) {
        if (!(network instanceof Seq2SeqNetwork both)) {
            throw new IllegalArgumentException(name + " has no encoder and a decoder: it reads pairs as one text");
        }
        Encoding written = encode(text, null);
        int end = written.length() - 1;
        int kept = written.special()[end] == 1 ? end : end + 1;
        requireLength(kept + 1, "the target");
        int[] ids = new int[kept + 1];
        ids[0] = both.startId();
        System.arraycopy(written.ids(), 0, ids, 1, kept);
        List<String> tokens = new ArrayList<>(List.of(tokenizer().token(ids[0]).orElse("#" + ids[0])));
        tokens.addAll(written.tokens().subList(0, kept));
        return Target.of(ids, tokens, kept == end ? written.tokens().get(end) : Target.OPEN);
    }

    /// What a model with encoder and decoder looks at when it reads `source` and writes `target`.
    ///
    /// @throws IllegalArgumentException when the model is no such model, or a text is empty or too long
    public EncoderDecoderMaps lookAcross(String source, String target) {
        requireHeads();
        if (!(network instanceof EncoderDecoderNetwork both)) {
            throw new IllegalArgumentException(name + " has no encoder and a decoder: it reads pairs as one text");
        }
        Encoding read = encode(source, null);
        Target written = target(target);

        Recording recording = Recording.of(Point.WEIGHTS);
        TokenBatch batch = batchOf(read);
        run(recording, pass -> {
            Memory memory = new Memory(both.encode(batch, pass), batch.sequences());
            return both.decode(TokenBatch.of(written.ids()), memory, Past.none(), pass);
        });
        int layers = both.decoder().layers().size();
        return new EncoderDecoderMaps(
                maps(recording, Site.Stack.ENCODER, both.encoder().layers().size(), read.tokens(), read.tokens()),
                maps(recording, Site.Stack.DECODER, layers, written.tokens(), written.tokens()),
                maps(recording, Site.Stack.CROSS, layers, written.written(), read.tokens()));
    }

    /// What the decoder of a model that reads sources looks at in one while it writes `target`: all heads of
    /// all layers of a Transformer, the one look of a recurrent network with attention. The tokens that look are
    /// those that are written: a position has read the token before.
    ///
    /// @throws IllegalArgumentException when the model reads no sources or its decoder does not look at them,
    /// or a text is empty or too long
    public AttentionMaps lookAtSource(String source, String target) {
        if (!(network instanceof Seq2SeqNetwork both)) {
            throw new IllegalArgumentException(name + " has no encoder and a decoder: it reads pairs as one text");
        }
        Encoding read = encode(source, null);
        Target written = target(target);
        CrossRows rows = new CrossRows();
        run(
                rows,
                pass -> both.read(batchOf(read), pass)
                        .write(TokenBatch.of(written.ids()), pass)
                        .size(0));
        float[][][][] weights = rows.weights();
        if (weights.length == 0) {
            throw new IllegalArgumentException(
                    name + " has no attention: it writes from the state that the source has left");
        }
        return new AttentionMaps(name, written.written(), read.tokens(), weights);
    }

    private void requireHeads() {
        if (config().heads() == 0) {
            throw new IllegalArgumentException(
                    name + " is a " + config().architecture() + ", which has no heads to look at");
        }
    }

    private AttentionMaps maps(
            Recording recording, Site.Stack stack, int layers, List<String> tokens, List<String> keyTokens) {
        float[][][][] weights = new float[layers][][][];
        for (int layer = 0; layer < layers; layer++) {
            weights[layer] = nested(recording.at(new Site(stack, layer), Point.WEIGHTS, 0));
        }
        return new AttentionMaps(name, tokens, keyTokens, weights);
    }

    /// One sequence as a batch.
    public static TokenBatch batchOf(Encoding encoding) {
        return new TokenBatch(encoding.ids(), encoding.typeIds(), Sequences.single(encoding.ids().length));
    }

    /// Runs work that needs a pass through this model, with buffers of its own. What the work returns must not
    /// be a tensor of the pass; copy it.
    public <T> T run(Function<Pass, T> work) {
        return run(Watch.NONE, work);
    }

    /// Runs work that needs a pass through this model while somebody watches.
    public <T> T run(Watch watch, Function<Pass, T> work) {
        requireOpen();
        Compute free = idle.poll();
        Compute compute = free != null ? free : new Compute(kernels, workers);
        try {
            return work.apply(Pass.watched(compute, watch));
        } finally {
            compute.reset();
            idle.offer(compute);
        }
    }

    /// Starts to decode with a model that writes.
    ///
    /// @throws IllegalArgumentException when the model only reads, or writes only about a source
    public DecodingSession decode() {
        return decode(Watch.NONE);
    }

    /// As [#decode()] while somebody watches every step.
    public DecodingSession decode(Watch watch) {
        return DecodingSession.open(this, watch);
    }

    /// Starts to decode with a model that writes about sources: a translator, a summariser.
    ///
    /// @param sources the token ids of each, with the special ones that the model needs
    /// @throws IllegalArgumentException when the model has no encoder or no decoder, or a source is too long
    public DecodingSession decode(List<int[]> sources, Watch watch) {
        return DecodingSession.open(this, sources, watch);
    }

    private static float[][][] nested(Tensor weights) {
        float[][][] heads = new float[weights.size(0)][weights.size(1)][];
        for (int h = 0; h < heads.length; h++) {
            for (int i = 0; i < heads[h].length; i++) {
                heads[h][i] = weights.part(h).part(i).toArray();
            }
        }
        return heads;
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("the model " + name + " is closed");
        }
    }

    /// Frees the tokenizer and the buffers; passes under way come to their end.
    @Override
    public synchronized void close() {
        if (closed.compareAndSet(false, true)) {
            idle.clear();
            if (tokenizer != null) {
                tokenizer.close();
            }
        }
    }

    @Override
    public String toString() {
        return name + " (" + config().modelType() + ", " + config().layers() + " layers, " + config().heads()
                + " heads, width " + config().dModel() + ")";
    }
}
