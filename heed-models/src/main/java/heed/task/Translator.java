package heed.task;

import heed.generation.Decoding;
import heed.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Translates, with a model such as MarianMT that was trained for a pair of languages, or T5, which is told
/// what to do in words. Safe for any number of threads.
public final class Translator {
    private final Rewriter rewriter;

    /// Decodes as the model's files say, usually with beam search.
    ///
    /// @throws IllegalArgumentException when the model is no encoder–decoder
    public Translator(Model model) {
        this(model, usual(model));
    }

    /// @throws IllegalArgumentException when the model is no encoder–decoder
    public Translator(Model model, Decoding decoding) {
        this(Rewriter.of(model, decoding, "", "translate"));
    }

    /// How the model's files say it should decode: beam search with their number of beams, or greedily.
    public static Decoding usual(Model model) {
        return Rewriter.usual(model);
    }

    private Translator(Rewriter rewriter) {
        this.rewriter = rewriter;
    }

    /// The same translator with something put before every text: `translate English to German: ` for T5, the
    /// target language such as `>>fra<< ` for a Marian model with several.
    public Translator prefix(String prefix) {
        return new Translator(new Rewriter(rewriter.writer(), prefix));
    }

    /// @param source what was translated, without the prefix
    /// @param score the log-probability of the translation over its length to the power of the length penalty
    public record Translation(String source, String text, double score) {}

    /// @throws IllegalArgumentException when the text is empty or too long
    public Translation translate(String text) {
        return translate(List.of(text)).getFirst();
    }

    /// Each of many texts; the same as one by one, only faster.
    ///
    /// @throws IllegalArgumentException when a text is empty or too long, with its number
    public List<Translation> translate(List<String> texts) {
        List<Continuation> written = rewriter.rewrite(texts);
        List<Translation> translations = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Continuation one = written.get(i);
            translations.add(new Translation(texts.get(i), Objects.requireNonNull(one.text()), one.score()));
        }
        return translations;
    }
}
