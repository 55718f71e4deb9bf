package heed.generation;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How to generate: a strategy and what surrounds it. What is left unsaid is taken from the model's
/// `generation_config.json`, and then from Hugging Face's defaults.
///
/// ```java
/// Decoding.greedy().maxNewTokens(40)
/// Decoding.beams(4).lengthPenalty(0.6).sequences(2)
/// Decoding.sampling(seed).temperature(0.8).topP(0.95)
/// ```
///
/// @param strategy how the next token is chosen
/// @param length how long a sequence may and must become
/// @param tokens tokens with a part to play
/// @param repetition what keeps the model from saying the same again
/// @param processors rules of the caller's own, after all others but the filters of sampling
/// @param stopStrings each ends a sequence whose text comes to contain it; it stays in the text
/// @param stoppingCriteria each may end a sequence
/// @param sequences how many continuations of each prompt
/// @param deadline how long one call may take before it returns what it has; null for no limit
/// @param logProbabilities whether results have log-probabilities; beam search always computes them
public record Decoding(
        Strategy strategy,
        Length length,
        Tokens tokens,
        Repetition repetition,
        List<LogitsProcessor> processors,
        List<String> stopStrings,
        List<StoppingCriterion> stoppingCriteria,
        int sequences,
        @Nullable Duration deadline,
        boolean logProbabilities) {

    public Decoding {
        processors = List.copyOf(processors);
        stopStrings = List.copyOf(stopStrings);
        stoppingCriteria = List.copyOf(stoppingCriteria);
        Require.that(stopStrings.stream().noneMatch(String::isEmpty), "an empty stop string would stop everything");
        Require.that(sequences >= 1, sequences + " sequences are none, ask for at least 1");
        Require.that(
                deadline == null || (!deadline.isNegative() && !deadline.isZero()),
                "a deadline of " + deadline + " is over before it begins");
        switch (strategy) {
            case Strategy.Greedy _ ->
                Require.that(
                        sequences == 1,
                        "greedy decoding gives one sequence, not " + sequences + ": use beams or sampling for more");
            case Strategy.Beams beams ->
                Require.that(
                        sequences <= beams.count(),
                        beams.count() + " beams cannot give " + sequences + " sequences, use at least as many beams");
            case Strategy.Sampling _ -> {}
        }
    }

    private static Decoding of(Strategy strategy) {
        return new Decoding(
                strategy,
                Length.UNSAID,
                Tokens.UNSAID,
                Repetition.UNSAID,
                List.of(),
                List.of(),
                List.of(),
                1,
                null,
                false);
    }

    /// Always the most probable token.
    public static Decoding greedy() {
        return of(new Strategy.Greedy());
    }

    /// The best sequence that following `count` at once finds.
    public static Decoding beams(int count) {
        return of(new Strategy.Beams(count, null, null));
    }

    /// Tokens drawn at random by their probability; the same seed gives the same tokens.
    public static Decoding sampling(long seed) {
        return of(new Strategy.Sampling(seed, null, null, null, null));
    }

    public Decoding maxNewTokens(int count) {
        return with(new Length(length.minNewTokens(), count, length.minLength(), length.maxLength()));
    }

    /// No end token before so many new ones.
    public Decoding minNewTokens(int count) {
        return with(new Length(count, length.maxNewTokens(), length.minLength(), length.maxLength()));
    }

    /// At most so many tokens, prompt included; [#maxNewTokens] goes before it.
    public Decoding maxLength(int count) {
        return with(new Length(length.minNewTokens(), length.maxNewTokens(), length.minLength(), count));
    }

    /// No end token before so many tokens, prompt included.
    public Decoding minLength(int count) {
        return with(new Length(length.minNewTokens(), length.maxNewTokens(), count, length.maxLength()));
    }

    /// For beam search: the exponent of the length that a sequence's log-probability is divided by.
    public Decoding lengthPenalty(double exponent) {
        Strategy.Beams beams = beamsFor("a length penalty");
        return with(new Strategy.Beams(beams.count(), exponent, beams.earlyStopping()));
    }

    /// For beam search: when to stop.
    public Decoding earlyStopping(EarlyStopping when) {
        Strategy.Beams beams = beamsFor("early stopping");
        return with(new Strategy.Beams(beams.count(), beams.lengthPenalty(), when));
    }

    /// For sampling: what scores are divided by.
    public Decoding temperature(double temperature) {
        Strategy.Sampling s = samplingFor("a temperature");
        return with(new Strategy.Sampling(s.seed(), temperature, s.topK(), s.topP(), s.minP()));
    }

    /// For sampling: only so many of the most probable tokens.
    public Decoding topK(int count) {
        Strategy.Sampling s = samplingFor("top-k");
        return with(new Strategy.Sampling(s.seed(), s.temperature(), count, s.topP(), s.minP()));
    }

    /// For sampling: only the most probable tokens that together have this probability.
    public Decoding topP(double probability) {
        Strategy.Sampling s = samplingFor("top-p");
        return with(new Strategy.Sampling(s.seed(), s.temperature(), s.topK(), probability, s.minP()));
    }

    /// For sampling: only tokens at least this fraction as probable as the most probable one.
    public Decoding minP(double fraction) {
        Strategy.Sampling s = samplingFor("min-p");
        return with(new Strategy.Sampling(s.seed(), s.temperature(), s.topK(), s.topP(), fraction));
    }

    /// Tokens that are already there become less probable: see [RepetitionPenalty].
    public Decoding repetitionPenalty(double penalty) {
        return with(new Repetition(penalty, repetition.noRepeatNGram(), repetition.encoderNoRepeatNGram()));
    }

    /// No `n` tokens in a row occur twice.
    public Decoding noRepeatNGram(int n) {
        return with(new Repetition(repetition.penalty(), n, repetition.encoderNoRepeatNGram()));
    }

    /// No `n` tokens in a row of the source occur in what is generated.
    public Decoding encoderNoRepeatNGram(int n) {
        return with(new Repetition(repetition.penalty(), repetition.noRepeatNGram(), n));
    }

    /// Tokens that end a sequence, instead of the model's own; none for sequences that only length ends.
    public Decoding endTokens(int... ids) {
        return with(tokens.withEnd(Tokens.list(ids)));
    }

    /// The first token after the one that the decoder starts from.
    public Decoding forcedFirst(int id) {
        return with(tokens.withForcedFirst(id));
    }

    /// The token that a sequence which reaches its greatest length ends with.
    public Decoding forcedLast(int... ids) {
        return with(tokens.withForcedLast(Tokens.list(ids)));
    }

    /// Tokens that are never generated.
    public Decoding suppressed(int... ids) {
        return with(tokens.withSuppressed(Tokens.list(ids)));
    }

    /// Tokens that are never the first new one.
    public Decoding suppressedAtBegin(int... ids) {
        return with(tokens.withSuppressedAtBegin(Tokens.list(ids)));
    }

    /// Sequences of tokens that are never completed.
    public Decoding badWords(int[]... words) {
        return with(tokens.withBadWords(Arrays.stream(words).map(Tokens::list).toList()));
    }

    /// One rule more, after those that are there.
    public Decoding processor(LogitsProcessor processor) {
        return change(draft -> draft.processors = plus(processors, processor));
    }

    /// Texts that end a sequence once it contains them.
    public Decoding stopStrings(String... strings) {
        return change(draft -> draft.stopStrings = List.of(strings));
    }

    /// One more reason to end a sequence.
    public Decoding stopWhen(StoppingCriterion criterion) {
        return change(draft -> draft.stoppingCriteria = plus(stoppingCriteria, criterion));
    }

    /// So many continuations of each prompt: the best of the beams, or so many samples.
    public Decoding sequences(int count) {
        return change(draft -> draft.sequences = count);
    }

    /// How long one call may take; the step under way is finished.
    public Decoding deadline(Duration limit) {
        return change(draft -> draft.deadline = limit);
    }

    /// Results with the log-probability of every token.
    public Decoding withLogProbabilities() {
        return change(draft -> draft.logProbabilities = true);
    }

    /// This, and for what it leaves unsaid what the model's `generation_config.json` says. That file does not
    /// make greedy decoding a beam search or a sampling: the strategy is the caller's.
    public Decoding over(GenerationConfig defaults) {
        return change(draft -> {
            draft.strategy = switch (strategy) {
                case Strategy.Greedy greedy -> greedy;
                case Strategy.Beams beams -> beams.over(defaults.beams());
                case Strategy.Sampling sampling -> sampling.over(defaults.sampling());
            };
            draft.length = length.over(defaults.length());
            draft.tokens = tokens.over(defaults.tokens());
            draft.repetition = repetition.over(defaults.repetition());
        });
    }

    private Strategy.Beams beamsFor(String what) {
        Require.that(strategy instanceof Strategy.Beams, what + " belongs to beam search, this is " + kind());
        return (Strategy.Beams) strategy;
    }

    private Strategy.Sampling samplingFor(String what) {
        Require.that(strategy instanceof Strategy.Sampling, what + " belongs to sampling, this is " + kind());
        return (Strategy.Sampling) strategy;
    }

    private String kind() {
        return switch (strategy) {
            case Strategy.Greedy _ -> "greedy decoding";
            case Strategy.Beams _ -> "beam search";
            case Strategy.Sampling _ -> "sampling";
        };
    }

    private Decoding with(Strategy changed) {
        return change(draft -> draft.strategy = changed);
    }

    private Decoding with(Length changed) {
        return change(draft -> draft.length = changed);
    }

    private Decoding with(Tokens changed) {
        return change(draft -> draft.tokens = changed);
    }

    private Decoding with(Repetition changed) {
        return change(draft -> draft.repetition = changed);
    }

    private Decoding change(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }

    private static <T> List<T> plus(List<T> list, T last) {
        return Stream.concat(list.stream(), Stream.of(last)).toList();
    }

    /// A decoding whose components can be changed one at a time.
    private static final class Draft {
        private Strategy strategy;
        private Length length;
        private Tokens tokens;
        private Repetition repetition;
        private List<LogitsProcessor> processors;
        private List<String> stopStrings;
        private List<StoppingCriterion> stoppingCriteria;
        private int sequences;
        private @Nullable Duration deadline;
        private boolean logProbabilities;

        Draft(Decoding from) {
            strategy = from.strategy;
            length = from.length;
            tokens = from.tokens;
            repetition = from.repetition;
            processors = from.processors;
            stopStrings = from.stopStrings;
            stoppingCriteria = from.stoppingCriteria;
            sequences = from.sequences;
            deadline = from.deadline;
            logProbabilities = from.logProbabilities;
        }

        Decoding done() {
            return new Decoding(
                    strategy,
                    length,
                    tokens,
                    repetition,
                    processors,
                    stopStrings,
                    stoppingCriteria,
                    sequences,
                    deadline,
                    logProbabilities);
        }
    }
}
