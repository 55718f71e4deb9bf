package heed.task;

import heed.family.ConfigException;
import heed.family.Head;
import heed.family.Seq2SeqNetwork;
import heed.generation.Cancellation;
import heed.generation.Decoding;
import heed.generation.GenerationConfig;
import heed.generation.Generator;
import heed.generation.Hypothesis;
import heed.generation.Prefix;
import heed.generation.StoppingCriterion;
import heed.generation.TokenListener;
import heed.model.DecodingSession;
import heed.model.Model;
import heed.pass.Watch;
import heed.text.StreamingDecoder;
import heed.text.Tokenizer;
import heed.text.TokenizerException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A model that writes, whatever it is asked to write: what [TextGenerator], [Translator] and [Summarizer] have
/// in common.
final class Writer {
    /// Sequences in one batch: enough that each weight that is read serves many rows, few enough that the
    /// caches stay small.
    static final int MOST_ROWS = 32;

    /// Values that the caches of one batch may hold: half a gigabyte.
    static final long MOST_CACHED = 1L << 27;

    private final Model model;
    private final Decoding said;
    private final Decoding decoding;
    private final GenerationConfig config;
    private final int newTokens;
    private final Watch watch;

    /// @param said what the caller said
    /// @param newTokens how many new tokens when neither caller nor model says
    /// @throws IllegalArgumentException when the model does not write
    Writer(Model model, Decoding said, int newTokens, Watch watch) {
        if (!(model.network().head() instanceof Head.LanguageModel)) {
            throw new IllegalArgumentException(
                    model.name() + " is a " + model.config().architecture() + ", which writes no text; GPT-2,"
                            + " Llama, T5 and their like do");
        }
        this.model = model;
        this.said = said;
        this.config = GenerationConfig.read(model.folder());
        this.decoding = said.over(config);
        this.newTokens = newTokens;
        this.watch = watch;
    }

    Model model() {
        return model;
    }

    Decoding decoding() {
        return decoding;
    }

    boolean hasEncoder() {
        return model.network() instanceof Seq2SeqNetwork;
    }

    Writer watched(Watch other) {
        return new Writer(model, said, newTokens, other);
    }

    Writer sequences(int count) {
        return new Writer(model, said.sequences(count), newTokens, watch);
    }

    /// The continuations of each prompt, best first: many in a batch, those of like length together.
    List<List<Continuation>> write(List<int[]> prompts) {
        int[] mostTokens = IntStream.range(0, prompts.size())
                .map(i -> mostTokens(prompts.get(i), prompts.size() == 1 ? -1 : i))
                .toArray();
        List<Integer> order = IntStream.range(0, prompts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> -prompts.get(i).length))
                .toList();
        List<List<Continuation>> written = new ArrayList<>(
                prompts.stream().map(_ -> List.<Continuation>of()).toList());
        for (int from = 0; from < order.size(); ) {
            int to = Math.min(order.size(), from + batchSize(mostTokens[order.get(from)]));
            List<Integer> batch = order.subList(from, to);
            List<List<Continuation>> results = writeBatch(
                    batch.stream().map(prompts::get).toList(),
                    batch.stream().mapToInt(i -> mostTokens[i]).toArray(),
                    TokenListener.NONE,
                    new Cancellation());
            for (int i = 0; i < batch.size(); i++) {
                written.set(batch.get(i), results.get(i));
            }
            from = to;
        }
        return written;
    }

    /// As [#write] for one prompt, telling of tokens as they are chosen.
    List<Continuation> write(int[] prompt, TokenListener listener, Cancellation cancellation) {
        int[] mostTokens = {mostTokens(prompt, -1)};
        return writeBatch(List.of(prompt), mostTokens, listener, cancellation).getFirst();
    }

    /// The decoder of what follows a prompt; null where the model has no tokenizer.
    @Nullable
    StreamingDecoder decoderAfter(int[] prompt) {
        Tokenizer tokenizer = tokenizer();
        if (tokenizer == null) {
            return null;
        }
        return hasEncoder() ? new StreamingDecoder(tokenizer, true) : new StreamingDecoder(tokenizer, true, prompt);
    }

    /// The most tokens that a decoder's sequence may come to have.
    ///
    /// @param number of the prompt, from 0; -1 when there is only one
    int mostTokens(int[] prompt, int number) {
        int context = model.config().maxTokens();
        if (hasEncoder()) {
            model.requireLength(prompt.length, number < 0 ? "the text" : "text " + (number + 1));
            return said.length().mostTokens(config.length(), newTokens, "the start of the target", 1, context);
        }
        String what = number < 0 ? "the prompt" : "prompt " + (number + 1);
        return said.length().mostTokens(config.length(), newTokens, what, prompt.length, context);
    }

    private int batchSize(int mostTokens) {
        long cached = 2L * model.config().layers() * model.config().dModel() * mostTokens * rowsPerPrompt();
        return Math.clamp(MOST_CACHED / Math.max(1, cached), 1, Math.max(1, MOST_ROWS / rowsPerPrompt()));
    }

    int rowsPerPrompt() {
        return switch (decoding.strategy()) {
            case heed.generation.Strategy.Beams beams -> beams.count();
            default -> decoding.sequences();
        };
    }

    private List<List<Continuation>> writeBatch(
            List<int[]> prompts, int[] mostTokens, TokenListener listener, Cancellation cancellation) {
        List<Prefix> prefixes = prompts.stream().map(this::prefix).toList();
        DecodingSession session =
                (hasEncoder() ? model.decode(prompts, watch) : model.decode(watch)).reserve(longest(mostTokens));
        SessionSteps steps =
                new SessionSteps(session, prefixes.stream().map(Prefix::ids).toList());
        List<List<Hypothesis>> found = new Generator(
                        decoding, mostTokens, criteria(), listener, cancellation, model.workers())
                .run(prefixes, steps);
        return IntStream.range(0, prompts.size())
                .mapToObj(p -> found.get(p).stream()
                        .map(hypothesis ->
                                new Continuation(prompts.get(p), hypothesis, text(prompts.get(p), hypothesis.ids())))
                        .toList())
                .toList();
    }

    /// The last token of a sequence is never read.
    private static int longest(int[] mostTokens) {
        return IntStream.of(mostTokens).max().orElse(1) - 1;
    }

    Prefix prefix(int[] prompt) {
        return model.network() instanceof Seq2SeqNetwork network
                ? Prefix.of(prompt, config.decoderStart() == null ? network.startId() : config.decoderStart())
                : Prefix.of(prompt);
    }

    List<StoppingCriterion> criteria() {
        List<StoppingCriterion> criteria = new ArrayList<>(decoding.stoppingCriteria());
        if (!decoding.stopStrings().isEmpty()) {
            criteria.add(new StopStrings(decoding.stopStrings(), model.tokenizer()));
        }
        return criteria;
    }

    @Nullable
    String text(int[] prompt, int[] ids) {
        StreamingDecoder decoder = decoderAfter(prompt);
        if (decoder == null) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.add(id));
        }
        return text.append(decoder.finish()).toString();
    }

    /// Null where the model has none that fits: ids are enough to write.
    private @Nullable Tokenizer tokenizer() {
        try {
            return model.tokenizer();
        } catch (TokenizerException | ConfigException e) {
            return null;
        }
    }
}
