package heed.cli;

import heed.generation.Decoding;
import heed.generation.EarlyStopping;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say how to generate. What they leave unsaid, the model's files say.
final class DecodingOptions {
    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description = "At most so many new tokens. Default: what the model's files say, else 20 for `generate`,"
                    + " 256 for `translate` and `summarize`")
    private @Nullable Integer maxNewTokens;

    @Option(names = "--min-new-tokens", paramLabel = "N", description = "No end before so many new tokens.")
    private @Nullable Integer minNewTokens;

    @Option(names = "--beams", paramLabel = "B", description = "Beam search with so many beams; 1 is greedy.")
    private @Nullable Integer beams;

    @Option(
            names = "--length-penalty",
            paramLabel = "X",
            description = "For beam search: the exponent of the length that scores are divided by. Above 0 longer"
                    + " sequences gain.")
    private @Nullable Double lengthPenalty;

    @Option(
            names = "--early-stopping",
            paramLabel = "true|false|never",
            description = "For beam search: when to stop looking for something better.")
    private @Nullable String earlyStopping;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Sample, with scores divided by T; 0 is greedy. Default: 0")
    private @Nullable Double temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Sample among the K most probable tokens.")
    private @Nullable Integer topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Sample among the most probable tokens that together have probability P.")
    private @Nullable Double topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description = "Sample among the tokens at least P times as probable as the most probable one.")
    private @Nullable Double minP;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "For sampling: the same seed draws the same tokens. Default: 0")
    private long seed;

    @Option(
            names = "--sequences",
            paramLabel = "N",
            description = "So many continuations: the best of the beams, or samples. Default: 1")
    private @Nullable Integer sequences;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "X",
            description = "Above 1, tokens that are already there become less probable.")
    private @Nullable Double repetitionPenalty;

    @Option(names = "--no-repeat-ngram", paramLabel = "N", description = "No N tokens in a row occur twice.")
    private @Nullable Integer noRepeatNGram;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "Stop once the text contains this. May be given more than once.")
    private String[] stop = {};

    @Option(
            names = "--deadline",
            paramLabel = "SECONDS",
            description = "Stop after so many seconds and show what there is.")
    private @Nullable Double deadline;

    /// @param usual the strategy when none is asked for
    /// @throws IllegalArgumentException when options contradict each other or make no sense
    Decoding decoding(Supplier<Decoding> usual) {
        Decoding decoding = rules(strategy(usual));
        decoding = maxNewTokens == null ? decoding : decoding.maxNewTokens(maxNewTokens);
        decoding = minNewTokens == null ? decoding : decoding.minNewTokens(minNewTokens);
        decoding = sequences == null ? decoding : decoding.sequences(sequences);
        return deadline == null ? decoding : decoding.deadline(duration(deadline));
    }

    private static Duration duration(double seconds) {
        if (!(seconds > 0 && seconds < 1e9)) {
            throw new IllegalArgumentException("a deadline of " + seconds + " seconds makes no sense");
        }
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private Decoding strategy(Supplier<Decoding> usual) {
        boolean sampled = temperature == null ? topK != null || topP != null || minP != null : temperature != 0;
        if (sampled) {
            if (beams != null && beams != 1) {
                throw new IllegalArgumentException(
                        "--beams follows the most probable sequences, --temperature, --top-k, --top-p and --min-p draw"
                                + " at random: use one or the other");
            }
            return sampling();
        }
        if (beams != null) {
            return beams == 1 ? Decoding.greedy() : Decoding.beams(beams);
        }
        return temperature == null ? usual.get() : Decoding.greedy();
    }

    private Decoding sampling() {
        Decoding decoding = Decoding.sampling(seed);
        decoding = temperature == null ? decoding : decoding.temperature(temperature);
        decoding = topK == null ? decoding : decoding.topK(topK);
        decoding = topP == null ? decoding : decoding.topP(topP);
        return minP == null ? decoding : decoding.minP(minP);
    }

    private Decoding rules(Decoding decoding) {
        decoding = lengthPenalty == null ? decoding : decoding.lengthPenalty(lengthPenalty);
        decoding = earlyStopping == null ? decoding : decoding.earlyStopping(earlyStopping(earlyStopping));
        decoding = repetitionPenalty == null ? decoding : decoding.repetitionPenalty(repetitionPenalty);
        decoding = noRepeatNGram == null ? decoding : decoding.noRepeatNGram(noRepeatNGram);
        return stop.length == 0 ? decoding : decoding.stopStrings(stop);
    }

    private static EarlyStopping earlyStopping(String said) {
        return switch (said) {
            case "true" -> EarlyStopping.WHEN_FULL;
            case "false" -> EarlyStopping.HEURISTIC;
            case "never" -> EarlyStopping.NEVER;
            default ->
                throw new IllegalArgumentException("--early-stopping is true, false or never, not '" + said + "'");
        };
    }
}
