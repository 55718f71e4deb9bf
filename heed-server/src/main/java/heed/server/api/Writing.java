package heed.server.api;

import heed.generation.Decoding;
import heed.generation.Finish;
import heed.serving.NotServed;
import heed.serving.ServedModel;
import heed.task.Continuation;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/// What a request says about how to write on from a prompt, in the words of OpenAI's interface.
///
/// @param newTokens the most that are written
/// @param stops strings before which the text ends
record Writing(Decoding decoding, int newTokens, List<String> stops) {
    private static final int MOST_CHOICES = 16;
    private static final int MOST_STOPS = 16;

    /// @param usualTokens the most new tokens when the request does not say
    static Writing of(Fields fields, int usualTokens) {
        refuseUnknown(fields);
        Integer said = fields.wholeOrNull("max_completion_tokens");
        int newTokens = said == null ? fields.whole("max_tokens", usualTokens) : said;
        if (newTokens < 1) {
            throw NotServed.invalid("'max_tokens' is " + newTokens + ": nothing would be written");
        }
        List<String> stops = fields.has("stop") ? fields.texts("stop") : List.of();
        if (stops.size() > MOST_STOPS || stops.contains("")) {
            throw NotServed.invalid("'stop' is at most " + MOST_STOPS + " texts that are not empty");
        }
        int choices = fields.whole("n", 1);
        if (choices < 1 || choices > MOST_CHOICES) {
            throw NotServed.invalid("'n' is 1 to " + MOST_CHOICES);
        }
        Decoding decoding = strategy(fields);
        if (choices > 1) {
            decoding = decoding.sequences(choices);
        }
        return new Writing(decoding.stopStrings(stops.toArray(String[]::new)), newTokens, stops);
    }

    private static Decoding strategy(Fields fields) {
        Double temperature = fields.decimalOrNull("temperature");
        if (temperature != null && temperature == 0) {
            return Decoding.greedy();
        }
        Integer seed = fields.wholeOrNull("seed");
        Decoding decoding =
                Decoding.sampling(seed == null ? ThreadLocalRandom.current().nextLong() : seed);
        if (temperature != null) {
            decoding = decoding.temperature(temperature);
        }
        Double topP = fields.decimalOrNull("top_p");
        if (topP != null) {
            decoding = decoding.topP(topP);
        }
        Integer topK = fields.wholeOrNull("top_k");
        return topK == null ? decoding : decoding.topK(topK);
    }

    /// What would change the answer and is not done here is refused, not ignored.
    private static void refuseUnknown(Fields fields) {
        for (String key : List.of("frequency_penalty", "presence_penalty")) {
            Double value = fields.decimalOrNull(key);
            if (value != null && value != 0) {
                throw NotServed.invalid("'" + key + "' is not supported");
            }
        }
        for (String key : List.of("logit_bias", "tools", "functions", "logprobs", "top_logprobs", "echo", "suffix")) {
            var value = fields.nodeOrNull(key);
            boolean nothing = value == null
                    || (value.isContainer() && value.isEmpty())
                    || (value.isBoolean() && !value.booleanValue());
            if (!nothing) {
                throw NotServed.invalid("'" + key + "' is not supported");
            }
        }
        String format = fields.object("response_format").textOrNull("type");
        if (format != null && !format.equals("text")) {
            throw NotServed.invalid("'response_format' is not supported, only text is written");
        }
    }

    /// One of the continuations that were asked for.
    ///
    /// @param reason `stop` or `length`, why it ends
    /// @param tokens that were written
    record Choice(String text, String reason, int tokens) {}

    /// Writes on from a prompt.
    ///
    /// @param piece takes the text as it comes, where there is one continuation; what it throws ends it
    List<Choice> write(ApiRequest request, ServedModel model, int[] prompt, Consumer<String> piece)
            throws InterruptedException {
        StopText streamed = new StopText(stops);
        Consumer<String> listener = text -> {
            String certain = streamed.add(text);
            if (!certain.isEmpty()) {
                piece.accept(certain);
            }
        };
        List<Continuation> written = model.write(prompt, newTokens, decoding, listener, request.deadline());
        String rest = streamed.finish();
        if (!rest.isEmpty()) {
            piece.accept(rest);
        }
        return written.stream().map(this::choice).toList();
    }

    private Choice choice(Continuation written) {
        StopText text = new StopText(stops);
        String shown = text.add(String.valueOf(written.text()));
        String whole = text.stopped() ? shown : shown + text.finish();
        boolean ended = text.stopped() || written.finish() == Finish.END_TOKEN || written.finish() == Finish.STOP;
        return new Choice(whole, ended ? "stop" : "length", written.ids().length);
    }
}
