package heed.generation;

import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Reads what `make_generation.py` writes.
public final class GoldenOptions {
    private GoldenOptions() {}

    /// The same options in our words.
    ///
    /// @param usual the strategy when they name none
    public static Decoding decoding(JsonNode options, Decoding usual) {
        Decoding decoding = usual;
        if (options.has("num_beams")) {
            int beams = options.get("num_beams").asInt();
            decoding = beams > 1 ? Decoding.beams(beams) : Decoding.greedy();
        }
        for (String name : options.propertyNames()) {
            JsonNode value = options.get(name);
            decoding = switch (name) {
                case "num_beams" -> decoding;
                case "num_return_sequences" -> decoding.sequences(value.asInt());
                case "length_penalty" -> decoding.lengthPenalty(value.asDouble());
                case "early_stopping" -> decoding.earlyStopping(earlyStopping(value.asString()));
                case "max_new_tokens" -> decoding.maxNewTokens(value.asInt());
                case "min_new_tokens" -> decoding.minNewTokens(value.asInt());
                case "max_length" -> decoding.maxLength(value.asInt());
                case "min_length" -> decoding.minLength(value.asInt());
                case "eos_token_id" -> decoding.endTokens(ints(value));
                case "repetition_penalty" -> decoding.repetitionPenalty(value.asDouble());
                case "no_repeat_ngram_size" -> decoding.noRepeatNGram(value.asInt());
                case "encoder_no_repeat_ngram_size" -> decoding.encoderNoRepeatNGram(value.asInt());
                case "forced_bos_token_id" -> decoding.forcedFirst(value.asInt());
                case "forced_eos_token_id" -> decoding.forcedLast(ints(value));
                case "suppress_tokens" -> decoding.suppressed(ints(value));
                case "begin_suppress_tokens" -> decoding.suppressedAtBegin(ints(value));
                case "bad_words_ids" ->
                    decoding.badWords(
                            value.valueStream().map(GoldenOptions::ints).toArray(int[][]::new));
                default -> throw new IllegalStateException("the test does not know the option " + name);
            };
        }
        return decoding;
    }

    private static EarlyStopping earlyStopping(String value) {
        return switch (value) {
            case "true" -> EarlyStopping.WHEN_FULL;
            case "false" -> EarlyStopping.HEURISTIC;
            default -> EarlyStopping.NEVER;
        };
    }

    public static int[] ints(JsonNode list) {
        return list.isArray() ? list.valueStream().mapToInt(JsonNode::asInt).toArray() : new int[] {list.asInt()};
    }

    public static float[] floats(JsonNode list) {
        float[] values = new float[list.size()];
        IntStream.range(0, values.length)
                .forEach(i -> values[i] = list.get(i).isNull()
                        ? Float.NEGATIVE_INFINITY
                        : list.get(i).floatValue());
        return values;
    }
}
