package heed.generation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A decoding with nothing left unsaid, for one prompt: which processors run in which order, and what ends a
/// sequence. The order is Hugging Face's: penalties, bans, least length, forced tokens, suppressed tokens, the
/// caller's own, and last the filters of sampling.
record Plan(
        Strategy strategy,
        int maxLength,
        int[] endTokens,
        List<LogitsProcessor> processors,
        List<StoppingCriterion> criteria,
        boolean logProbabilities) {

    /// @param decoding after [Decoding#over]
    /// @param criteria those of the decoding and of its stop strings
    static Plan of(Decoding decoding, int promptLength, int maxLength, List<StoppingCriterion> criteria) {
        int[] end = Tokens.array(decoding.tokens().end());
        List<LogitsProcessor> processors = new ArrayList<>();
        addRepetition(processors, decoding.repetition());
        addBadWords(processors, decoding.tokens(), end);
        addMinLength(processors, decoding.length(), promptLength, end);
        addTokens(processors, decoding.tokens(), promptLength, maxLength);
        processors.addAll(decoding.processors());
        if (decoding.strategy() instanceof Strategy.Sampling sampling) {
            addFilters(processors, sampling);
        }
        return new Plan(
                decoding.strategy(), maxLength, end, processors, List.copyOf(criteria), decoding.logProbabilities());
    }

    private static void addRepetition(List<LogitsProcessor> processors, Repetition repetition) {
        Double penalty = repetition.penalty();
        if (penalty != null && penalty != 1) {
            processors.add(new RepetitionPenalty(penalty));
        }
        if (above0(repetition.noRepeatNGram())) {
            processors.add(new NoRepeatNGram(Objects.requireNonNull(repetition.noRepeatNGram())));
        }
        if (above0(repetition.encoderNoRepeatNGram())) {
            processors.add(new EncoderNoRepeatNGram(Objects.requireNonNull(repetition.encoderNoRepeatNGram())));
        }
    }

    private static boolean above0(@Nullable Integer number) {
        return number != null && number > 0;
    }

    /// A bad word that is an end token alone would make a sequence endless, and is left out.
    private static void addBadWords(List<LogitsProcessor> processors, Tokens tokens, int[] end) {
        if (tokens.badWords() == null) {
            return;
        }
        List<int[]> words = tokens.badWords().stream()
                .map(Tokens::array)
                .filter(word -> word.length > 1 || !Tokens.contains(end, word[0]))
                .toList();
        if (!words.isEmpty()) {
            processors.add(new BadWords(words));
        }
    }

    private static void addMinLength(List<LogitsProcessor> processors, Length length, int promptLength, int[] end) {
        int least = length.minNewTokens() != null
                ? promptLength + length.minNewTokens()
                : Objects.requireNonNullElse(length.minLength(), 0);
        if (end.length > 0 && least > 0) {
            processors.add(new MinLength(least, end));
        }
    }

    private static void addTokens(List<LogitsProcessor> processors, Tokens tokens, int promptLength, int maxLength) {
        if (tokens.forcedFirst() != null) {
            processors.add(new Forced(1, new int[] {tokens.forcedFirst()}));
        }
        if (tokens.forcedLast() != null) {
            processors.add(new Forced(maxLength - 1, Tokens.array(tokens.forcedLast())));
        }
        if (tokens.suppressed() != null) {
            processors.add(new Suppress(Tokens.array(tokens.suppressed()), Suppress.ALWAYS));
        }
        if (tokens.suppressedAtBegin() != null) {
            boolean firstIsForced = promptLength == 1 && tokens.forcedFirst() != null;
            processors.add(new Suppress(
                    Tokens.array(tokens.suppressedAtBegin()), firstIsForced ? promptLength + 1 : promptLength));
        }
    }

    private static void addFilters(List<LogitsProcessor> processors, Strategy.Sampling sampling) {
        if (sampling.temperature() != null && sampling.temperature() != 1) {
            processors.add(new Temperature(sampling.temperature()));
        }
        if (above0(sampling.topK())) {
            processors.add(new TopK(Objects.requireNonNull(sampling.topK())));
        }
        if (sampling.topP() != null && sampling.topP() < 1) {
            processors.add(new TopP(sampling.topP()));
        }
        if (sampling.minP() != null && sampling.minP() > 0) {
            processors.add(new MinP(sampling.minP()));
        }
    }

    void process(Prefix prefix, float[] scores) {
        for (LogitsProcessor processor : processors) {
            processor.process(prefix, scores);
        }
    }

    /// Why a prefix ends with its newest token, or null when it goes on.
    @Nullable
    Finish finish(Prefix prefix) {
        if (Tokens.contains(endTokens, prefix.last())) {
            return Finish.END_TOKEN;
        }
        for (StoppingCriterion criterion : criteria) {
            if (criterion.stops(prefix)) {
                return Finish.STOP;
            }
        }
        return prefix.length() >= maxLength ? Finish.LENGTH : null;
    }
}
