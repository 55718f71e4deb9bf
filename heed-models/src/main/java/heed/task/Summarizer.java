package heed.task;

import heed.generation.Decoding;
import heed.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Summarises, with a model such as BART that was trained for it, or T5, which is told so in words. Safe for
/// any number of threads.
public final class Summarizer {
    private final Rewriter rewriter;

    /// Decodes as the model's files say, usually with beam search.
    ///
    /// @throws IllegalArgumentException when the model is no encoder–decoder
    public Summarizer(Model model) {
        this(model, usual(model));
    }

    /// @throws IllegalArgumentException when the model is no encoder–decoder
    public Summarizer(Model model, Decoding decoding) {
        this(Rewriter.of(model, decoding, "", "summarise"));
    }

    /// How the model's files say it should decode: beam search with their number of beams, or greedily.
    public static Decoding usual(Model model) {
        return Rewriter.usual(model);
    }

    private Summarizer(Rewriter rewriter) {
        this.rewriter = rewriter;
    }

    /// The same summariser with something put before every text: `summarize: ` for T5.
    public Summarizer prefix(String prefix) {
        return new Summarizer(rewriter.withPrefix(prefix));
    }

    /// @param source what was summarised, without the prefix
    /// @param score the log-probability of the summary over its length to the power of the length penalty
    public record Summary(String source, String text, double score) {}

    /// @throws IllegalArgumentException when the text is empty or too long
    public Summary summarize(String text) {
        return summarize(List.of(text)).getFirst();
    }

    /// Each of many texts; the same as one by one, only faster.
    ///
    /// @throws IllegalArgumentException when a text is empty or too long, with its number
    public List<Summary> summarize(List<String> texts) {
        List<Continuation> written = rewriter.rewrite(texts);
        List<Summary> summaries = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Continuation one = written.get(i);
            summaries.add(new Summary(texts.get(i), Objects.requireNonNull(one.text()), one.score()));
        }
        return summaries;
    }
}
