package heed.model;

import heed.family.CausalNetwork;
import heed.family.Draft;
import heed.family.Head;
import heed.family.Network;
import heed.family.ReadSources;
import heed.family.Seq2SeqNetwork;
import heed.family.TokenBatch;
import heed.pass.Watch;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Several sequences that are being written, token by token, by one model: [#prefill] brings the prompts,
/// [#step] one more token each, and both give the scores of whatever may come next. What was written is
/// remembered in a [Draft], so a step costs one token and not a whole sequence; the scores are those that
/// computing all again would give.
///
/// ```java
/// DecodingSession session = model.decode();
/// Tensor logits = session.prefill(List.of(prompt)); // [1, V]
/// while (…) {
///     int next = …; // chosen by the scores
///     logits = session.step(next); // [1, V]
/// }
/// ```
///
/// With a model that has an encoder, a session is opened over sources, and the prompts are what targets begin
/// with: [#startId]. A session is owned by one thread at a time; any number of sessions share a model.
///
/// A watch sees every pass. At a step the weights of a layer are `[H, 1, Tk]`, the new token's row over all
/// positions; at prefill they are those of all prompt tokens.
public final class DecodingSession {
    /// Room for new tokens that is made at prefill when nobody said how many there will be.
    private static final int USUAL_ROOM = 64;

    private final Model model;
    private final Watch watch;
    private final @Nullable ReadSources sources;
    private int reserved;
    private @Nullable Draft draft;

    private DecodingSession(Model model, Watch watch, @Nullable ReadSources sources) {
        this.model = model;
        this.watch = watch;
        this.sources = sources;
    }

    static DecodingSession open(Model model, Watch watch) {
        requireWriter(model);
        return switch (model.network()) {
            case CausalNetwork _ -> new DecodingSession(model, watch, null);
            case Seq2SeqNetwork _ ->
                throw new IllegalArgumentException(model.name() + " writes about a source and was given none");
            case Network _ ->
                throw new IllegalArgumentException(model.name() + " is an encoder: it reads, and writes nothing");
        };
    }

    static DecodingSession open(Model model, List<int[]> sources, Watch watch) {
        requireWriter(model);
        if (!(model.network() instanceof Seq2SeqNetwork network)) {
            throw new IllegalArgumentException(model.name() + " has no encoder and a decoder, so it takes no source");
        }
        for (int b = 0; b < sources.size(); b++) {
            model.requireLength(sources.get(b).length, name("source", b, sources.size()));
        }
        TokenBatch batch = TokenBatch.of(sources);
        return new DecodingSession(
                model, watch, model.run(watch, pass -> network.read(batch, pass).copy()));
    }

    private static void requireWriter(Model model) {
        if (!(model.network().head() instanceof Head.LanguageModel)) {
            throw new IllegalArgumentException(
                    model.name() + " is a " + model.config().architecture() + ", which predicts no next token");
        }
    }

    /// Makes room for so many positions in each sequence when the prompts come; without it room is found as
    /// needed.
    public DecodingSession reserve(int positions) {
        reserved = positions;
        return this;
    }

    /// The token that every target begins with, in a model with an encoder.
    ///
    /// @throws IllegalStateException when the model has no encoder
    public int startId() {
        if (model.network() instanceof Seq2SeqNetwork network) {
            return network.startId();
        }
        throw new IllegalStateException(model.name() + " has no encoder, a text begins as its prompt does");
    }

    /// The sequences that are being written; 0 before [#prefill].
    public int sequences() {
        return draft == null ? 0 : draft.sequences();
    }

    /// The tokens of a sequence so far.
    public int length(int sequence) {
        return draft == null ? 0 : draft.length(sequence);
    }

    /// Brings the first tokens of every sequence. Their lengths may differ.
    ///
    /// @return the scores of the next token of each, `[B, V]`, in an array of its own
    /// @throws IllegalArgumentException when a prompt is empty or too long, an id is out of range, or there are
    /// not as many prompts as sources
    public Tensor prefill(List<int[]> prompts) {
        if (draft != null) {
            throw new IllegalStateException("this session has its prompts already, a longer one is fed");
        }
        if (sources != null && sources.sequences().count() != prompts.size()) {
            throw new IllegalArgumentException(
                    prompts.size() + " prompts for " + sources.sequences().count() + " sources");
        }
        int longest = prompts.stream().mapToInt(ids -> ids.length).max().orElse(0);
        Draft empty = begin(prompts.size(), Math.max(reserved, longest + USUAL_ROOM));
        Tensor logits = feed(prompts, empty);
        draft = empty;
        return logits;
    }

    private Draft begin(int count, int positions) {
        if (sources != null) {
            return sources.draft(positions);
        }
        if (model.network() instanceof CausalNetwork network) {
            return network.draft(count, positions);
        }
        throw new IllegalStateException("a session over " + model.name() + " cannot have been opened");
    }

    /// Brings one more token of every sequence.
    ///
    /// @return the scores of the next token of each, `[B, V]`, in an array of its own
    /// @throws IllegalArgumentException when a sequence gets too long, or an id is out of range
    public Tensor step(int... tokens) {
        return feed(IntStream.of(tokens).mapToObj(id -> new int[] {id}).toList());
    }

    /// Brings more tokens of every sequence, at least one each: the next turn of a dialogue, say.
    ///
    /// @return the scores of the next token of each, `[B, V]`, in an array of its own
    public Tensor feed(List<int[]> tokens) {
        Draft past = draft;
        if (past == null) {
            throw new IllegalStateException("a session begins with its prompts");
        }
        return feed(tokens, past);
    }

    /// Brings more tokens of every sequence, at least one each, and the first tokens of others, which join
    /// behind them: `[T]` rows of one pass beside single ones. A session may begin so, without [#prefill]. When
    /// the pass fails the session is as before.
    ///
    /// @return the scores of the next token of each, those that joined last, `[B, V]`, in an array of its own
    /// @throws IllegalStateException when the model reads sources, which a session has from its beginning
    public Tensor feed(List<int[]> tokens, List<int[]> joining) {
        if (sources != null) {
            throw new IllegalStateException("sources are given when a session is opened, none can join");
        }
        Draft past = draft;
        if (past == null) {
            past = begin(0, Math.max(reserved, USUAL_ROOM));
            draft = past;
        }
        int before = past.sequences();
        past.join(joining.size());
        try {
            return feed(Stream.concat(tokens.stream(), joining.stream()).toList(), past);
        } catch (RuntimeException | Error e) {
            past.reorder(IntStream.range(0, before).toArray());
            throw e;
        }
    }

    private Tensor feed(List<int[]> tokens, Draft past) {
        if (tokens.size() != past.sequences()) {
            throw new IllegalArgumentException(
                    "tokens of " + tokens.size() + " sequences, the session has " + past.sequences());
        }
        for (int b = 0; b < tokens.size(); b++) {
            String what = name("sequence", b, tokens.size());
            if (tokens.get(b).length == 0) {
                throw new IllegalArgumentException(what + " has no tokens");
            }
            model.requireLength(past.length(b) + tokens.get(b).length, what);
        }
        TokenBatch batch = TokenBatch.of(tokens);
        return model.run(watch, pass -> {
            Tensor hidden = past.extend(batch, pass); // [N, D]
            return ((Head.LanguageModel) model.network().head())
                    .logits(pass.compute().gather(hidden, lastRows(batch.sequences())), pass)
                    .copy();
        });
    }

    private static int[] lastRows(Sequences sequences) {
        return IntStream.range(0, sequences.count())
                .map(b -> sequences.end(b) - 1)
                .toArray();
    }

    /// Makes sequence `i` the continuation of the former sequence `parents[i]`, as beam search does after each
    /// step. A parent may have several continuations or none, and there may be more or fewer sequences than
    /// before: one prompt becomes four beams by `reorder(0, 0, 0, 0)`, and a sequence that is finished is left
    /// out.
    public void reorder(int... parents) {
        if (draft == null) {
            throw new IllegalStateException("a session begins with its prompts");
        }
        draft.reorder(parents);
    }

    private static String name(String what, int number, int of) {
        return of == 1 ? "the " + what : what + " " + (number + 1);
    }
}
