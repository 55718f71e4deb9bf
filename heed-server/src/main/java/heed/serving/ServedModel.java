package heed.serving;

import heed.generation.Cancellation;
import heed.generation.Decoding;
import heed.model.Model;
import heed.task.Classifier;
import heed.task.Continuation;
import heed.task.Embedder;
import heed.task.Translator;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import heed.text.StreamingDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An open model that many ask at once. What they ask is let in by one gate, computed in batches, and equal to
/// the last bit to what each would get alone. Safe for any number of threads.
public final class ServedModel implements AutoCloseable {
    /// Not the id of a token.
    private static final int END = -1;

    private final String name;
    private final Model model;
    private final Admission admission;

    /// Who waits for what this model is to read.
    private final Admission reading;

    private final ServingMetrics metrics;
    private final LongSupplier clock;
    private final @Nullable Embedder embedder;
    private final @Nullable Classifier classifier;
    private final @Nullable Batcher<int[], float[]> vectors;
    private final @Nullable Batcher<Encoding, float[]> logits;

    private final @Nullable WritingQueue writing;

    /// One translation at a time: each uses all threads.
    private final Semaphore rewriter = new Semaphore(1, true);

    ServedModel(
            String name,
            Model model,
            ServingSettings settings,
            Admission admission,
            ServingMetrics metrics,
            LongSupplier clock) {
        this.name = name;
        this.model = model;
        this.admission = admission;
        this.reading = new Admission("tokens", settings.queueTokens(), settings.longestWait(), clock);
        this.metrics = metrics;
        this.clock = clock;
        int budget = settings.batchTokens();
        if (can(Ability.EMBED)) {
            Embedder reader = new Embedder(model);
            this.embedder = reader;
            this.vectors = new Batcher<>(
                    name, reader::pooledTokens, ids -> ids.length, budget, clock, metrics.batches(name, "embed"));
        } else {
            this.embedder = null;
            this.vectors = null;
        }
        if (can(Ability.CLASSIFY)) {
            Classifier sorter = new Classifier(model);
            this.classifier = sorter;
            this.logits = new Batcher<>(
                    name, sorter::logits, Encoding::length, budget, clock, metrics.batches(name, "classify"));
        } else {
            this.classifier = null;
            this.logits = null;
        }
        this.writing = can(Ability.WRITE) ? new WritingQueue(name, model, clock, metrics.batches(name, "write")) : null;
    }

    public String name() {
        return name;
    }

    public Model model() {
        return model;
    }

    public boolean can(Ability ability) {
        return ability.of(model.network());
    }

    /// How its vectors come about.
    public Embedder embedder() {
        return require(embedder, Ability.EMBED);
    }

    public Classifier classifier() {
        return require(classifier, Ability.CLASSIFY);
    }

    private <T> T require(@Nullable T part, Ability ability) {
        if (part == null) {
            throw NotServed.unable(
                    name + " is a " + model.config().architecture() + ", no model that " + ability.does());
        }
        return part;
    }

    /// The tokens of texts. Nothing is cut unless the asker says so.
    ///
    /// @throws NotServed when a text is empty, or too long for the model
    public List<Encoding> encode(List<String> texts, boolean truncate) {
        return encode(texts, null, truncate);
    }

    /// The tokens of texts, each behind the same first text.
    ///
    /// @throws NotServed when a text is empty, or too long for the model
    public List<Encoding> encode(List<String> texts, @Nullable String first, boolean truncate) {
        admission.requireRoom();
        long start = clock.getAsLong();
        int most = model.config().maxTokens();
        List<Encoding> encodings;
        if (first == null) {
            encodings = model.tokenizer().encode(texts, EncodeOptions.defaults());
        } else {
            encodings = new ArrayList<>();
            for (String text : texts) {
                encodings.add(model.tokenizer().encode(first, text));
            }
        }
        List<Encoding> fitting = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String what = texts.size() == 1 ? "the text" : "text " + (i + 1);
            if (texts.get(i).isBlank() || encodings.get(i).length() == 0) {
                throw NotServed.invalid(what + " is empty");
            }
            fitting.add(fitting(encodings.get(i), truncate ? -1 : most, what));
        }
        metrics.tokenized(name, Duration.ofNanos(clock.getAsLong() - start));
        return fitting;
    }

    /// @param most -1 to cut what is longer than the model takes
    private Encoding fitting(Encoding encoding, int most, String what) {
        if (most < 0) {
            return encoding.truncated(model.config().maxTokens());
        }
        if (encoding.length() > most) {
            throw NotServed.tooLarge(what + " has " + encoding.length() + " tokens, " + name + " takes at most " + most
                    + ": send it in parts, or have it cut with \"truncate\": true where that is offered");
        }
        return encoding;
    }

    /// The vectors of tokens, of length 1 where `normalize` says so.
    ///
    /// @throws NotServed when there is no room, or no time
    public List<float[]> embed(List<int[]> ids, boolean normalize, Deadline deadline) throws InterruptedException {
        Batcher<int[], float[]> batcher = require(vectors, Ability.EMBED);
        requireKnown(ids);
        List<float[]> pooled = read("embed", tokens(ids), () -> batcher.compute(ids, deadline));
        return normalize ? pooled.stream().map(Embedder::normalized).toList() : pooled;
    }

    private void requireKnown(List<int[]> ids) {
        int size = model.config().vocabularySize();
        for (int[] sequence : ids) {
            if (sequence.length == 0) {
                throw NotServed.invalid("a list of token ids is empty");
            }
            if (sequence.length > model.config().maxTokens()) {
                throw NotServed.tooLarge("a list of " + sequence.length + " token ids, " + name + " takes at most "
                        + model.config().maxTokens());
            }
            for (int id : sequence) {
                if (id < 0 || id >= size) {
                    throw NotServed.invalid("there is no token " + id + ", " + name + " has " + size);
                }
            }
        }
    }

    /// The scores of the labels of each text, before they become probabilities; [Classifier#probabilities]
    /// makes them so.
    ///
    /// @throws NotServed when there is no room, or no time
    public List<float[]> logits(List<Encoding> encodings, Deadline deadline) throws InterruptedException {
        Batcher<Encoding, float[]> batcher = require(logits, Ability.CLASSIFY);
        long tokens = encodings.stream().mapToLong(Encoding::length).sum();
        return read("classify", tokens, () -> batcher.compute(encodings, deadline));
    }

    /// What follows a prompt.
    ///
    /// @param newTokens the most that follow; they are let in together with the prompt
    /// @param text takes each piece as it comes, of the first of several continuations
    /// @throws NotServed when there is no room, or no time
    public List<Continuation> write(
            int[] prompt, int newTokens, Decoding decoding, Consumer<String> text, Deadline deadline)
            throws InterruptedException {
        requireKnown(List.of(prompt));
        WritingQueue queue = require(writing, Ability.WRITE);
        long tokens = (long) decoding.sequences() * (prompt.length + newTokens);
        Decoding whole = decoding.maxNewTokens(newTokens);
        return answered("write", tokens, () -> written(queue, prompt, whole, text, deadline));
    }

    /// What the batch's thread hands over, passed on by the one who asked: a slow reader keeps nobody else.
    private List<Continuation> written(
            WritingQueue queue, int[] prompt, Decoding decoding, Consumer<String> text, Deadline deadline)
            throws InterruptedException {
        BlockingQueue<Integer> ids = new LinkedBlockingQueue<>();
        StreamingDecoder decoder = new StreamingDecoder(model.tokenizer(), true, prompt);
        Cancellation cancellation = new Cancellation();
        CompletableFuture<List<Continuation>> result = queue.submit(
                        prompt,
                        decoding,
                        (sequence, id) -> {
                            if (sequence == 0) {
                                ids.add(id);
                            }
                        },
                        cancellation)
                .whenComplete((_, _) -> ids.add(END));
        try {
            for (int id = next(ids, deadline); id != END; id = next(ids, deadline)) {
                pass(decoder.add(id), text);
            }
            List<Continuation> found = result.join();
            pass(decoder.finish(), text);
            return found;
        } catch (CompletionException e) {
            throw switch (e.getCause()) {
                case CancellationException _ -> deadline.late();
                case RuntimeException failure -> failure;
                case null, default -> e;
            };
        } finally {
            cancellation.cancel();
        }
    }

    private static int next(BlockingQueue<Integer> ids, Deadline deadline) throws InterruptedException {
        Integer id = ids.poll(Math.max(0, deadline.leftNanos()), TimeUnit.NANOSECONDS);
        if (id == null) {
            throw deadline.late();
        }
        return id;
    }

    private static void pass(String piece, Consumer<String> text) {
        if (!piece.isEmpty()) {
            text.accept(piece);
        }
    }

    /// What the model writes about each of several sources: translations, or what T5 was told to do.
    ///
    /// @throws NotServed when a source is empty or too long, or there is no room, or no time
    public List<Translator.Translation> rewrite(List<String> sources, Decoding decoding, Deadline deadline)
            throws InterruptedException {
        if (!can(Ability.REWRITE)) {
            throw NotServed.unable(
                    name + " is a " + model.config().architecture() + ", no model that " + Ability.REWRITE.does());
        }
        long tokens =
                encode(sources, false).stream().mapToLong(Encoding::length).sum();
        Translator translator = new Translator(model, decoding);
        return answered("rewrite", 2 * tokens, () -> alone(deadline, () -> translator.translate(sources)));
    }

    private <T> T alone(Deadline deadline, Supplier<T> work) throws InterruptedException {
        if (!rewriter.tryAcquire(deadline.leftNanos(), TimeUnit.NANOSECONDS)) {
            throw deadline.late();
        }
        try {
            return work.get();
        } finally {
            rewriter.release();
        }
    }

    private static long tokens(List<int[]> ids) {
        return ids.stream().mapToLong(array -> array.length).sum();
    }

    private interface Answer<T> {
        T get() throws InterruptedException;
    }

    private <T> T read(String task, long tokens, Answer<T> answer) throws InterruptedException {
        try (Admission.Ticket _ = reading.admit(tokens)) {
            return answered(task, tokens, answer);
        }
    }

    private <T> T answered(String task, long tokens, Answer<T> answer) throws InterruptedException {
        long start = clock.getAsLong();
        try (Admission.Ticket _ = admission.admit(tokens)) {
            T result = answer.get();
            metrics.answered(name, task, Duration.ofNanos(clock.getAsLong() - start));
            return result;
        }
    }

    /// How long the longest batch under way has been computed.
    Duration busyFor() {
        Duration embedding = vectors == null ? Duration.ZERO : vectors.busyFor();
        Duration sorting = logits == null ? Duration.ZERO : logits.busyFor();
        Duration step = writing == null ? Duration.ZERO : writing.busyFor();
        return Collections.max(List.of(embedding, sorting, step));
    }

    @Override
    public void close() {
        if (vectors != null) {
            vectors.close();
        }
        if (logits != null) {
            logits.close();
        }
        if (writing != null) {
            writing.close();
        }
    }
}
