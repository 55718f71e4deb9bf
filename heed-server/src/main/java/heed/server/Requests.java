package heed.server;

import heed.lens.capture.Ablation;
import heed.lens.capture.RunInput;
import heed.server.api.Fields;
import java.util.LinkedHashSet;
import java.util.List;

/// What bodies of requests mean.
final class Requests {
    private Requests() {}

    /// What a model is to read, from `{"text", "pair", "generate", "options"}`.
    static RunInput input(Fields body) {
        String text = body.text("text");
        if (text.isBlank()) {
            throw Refusal.malformed("the text is empty");
        }
        Fields options = body.object("options");
        int newTokens = body.has("generate") ? newTokens(body.object("generate")) : 0;
        String pair = body.textOrNull("pair");
        try {
            return new RunInput(
                    text,
                    pair == null || pair.isBlank() ? null : pair,
                    newTokens,
                    new LinkedHashSet<>(options.integers("mask")),
                    new Ablation(heads(options, "ablate"), filling(options)),
                    options.flag("positions", true));
        } catch (IllegalArgumentException e) {
            throw Refusal.malformed(String.valueOf(e.getMessage()));
        }
    }

    private static int newTokens(Fields generate) {
        int count = generate.whole("maxNewTokens", RunInput.USUAL);
        if (generate.has("maxNewTokens") && count < 0) {
            throw Refusal.malformed("'generate.maxNewTokens' is 0 to " + RunInput.MOST_NEW_TOKENS + ", not " + count);
        }
        return count;
    }

    static List<Ablation.HeadPlace> heads(Fields body, String key) {
        return body.objects(key).stream()
                .map(head -> new Ablation.HeadPlace(
                        Query.stream(head.text("stream")), head.whole("layer", -1), head.whole("head", -1)))
                .toList();
    }

    static Ablation.Filling filling(Fields body) {
        String filling = body.textOrNull("ablation");
        if (filling == null || filling.equals("zero")) {
            return Ablation.Filling.ZERO;
        }
        if (filling.equals("mean")) {
            return Ablation.Filling.MEAN;
        }
        throw Refusal.malformed("'" + body.path() + "ablation' is zero or mean");
    }
}
