package heed.task;

import heed.corpus.Protection;
import heed.generation.Decoding;
import heed.model.Model;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// Translates, with a model such as MarianMT that was trained for a pair of languages, or T5, which is told
/// what to do in words. Safe for any number of threads.
///
/// A text that is longer than the model is translated in parts. For a model that learned to, placeholders,
/// markup, addresses and numbers come out as they went in ([Protection]): of the hypotheses of beam search the
/// best that has all of them is taken, and where none has, what is missing is put in.
public final class Translator {
    private final Rewriter rewriter;
    private final Passages passages;

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
        this.rewriter = rewriter.withAllBeams();
        this.passages = new Passages(rewriter.writer().model(), rewriter.prefix());
    }

    /// The same translator with something put before every text: `translate English to German: ` for T5, the
    /// target language such as `>>fra<< ` for a Marian model with several.
    public Translator prefix(String prefix) {
        return new Translator(rewriter.withPrefix(prefix));
    }

    /// @param source what was translated, without the prefix
    /// @param score the log-probability of the translation over its length to the power of the length penalty;
    /// the mean of them where a text was translated in parts
    public record Translation(String source, String text, double score) {}

    /// An empty text has an empty translation.
    public Translation translate(String text) {
        return translate(List.of(text)).getFirst();
    }

    /// Each of many texts; the same as one by one, only faster.
    public List<Translation> translate(List<String> texts) {
        return nBest(texts).stream().map(List::getFirst).toList();
    }

    /// Each of many texts in several ways, the best first: as many as the decoding has sequences.
    public List<List<Translation>> nBest(List<String> texts) {
        List<List<Passages.Part>> parts = texts.stream().map(passages::parts).toList();
        List<String> sources = parts.stream()
                .flatMap(List::stream)
                .map(part -> part.protection().text())
                .toList();
        List<List<Continuation>> written = sources.isEmpty() ? List.of() : rewriter.rewriteAll(sources);
        List<List<Translation>> translations = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < texts.size(); i++) {
            int to = from + parts.get(i).size();
            translations.add(joined(texts.get(i), parts.get(i), written.subList(from, to)));
            from = to;
        }
        return translations;
    }

    private List<Translation> joined(String source, List<Passages.Part> parts, List<List<Continuation>> written) {
        if (parts.isEmpty()) {
            return List.of(new Translation(source, "", 0));
        }
        List<List<Continuation>> ordered = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            ordered.add(wholeFirst(parts.get(part).protection(), written.get(part)));
        }
        List<Translation> translations = new ArrayList<>();
        for (int rank = 0; rank < ordered.getFirst().size(); rank++) {
            StringBuilder text = new StringBuilder();
            double score = 0;
            for (int part = 0; part < parts.size(); part++) {
                Continuation one =
                        ordered.get(part).get(Math.min(rank, ordered.get(part).size() - 1));
                text.append(parts.get(part).protection().restore(Objects.requireNonNull(one.text())));
                text.append(part < parts.size() - 1 ? parts.get(part).space() : "");
                score += one.score() / parts.size();
            }
            translations.add(new Translation(source, text.toString(), score));
        }
        return translations;
    }

    /// Those that kept everything first, otherwise in their order; as many as were asked for.
    private List<Continuation> wholeFirst(Protection protection, List<Continuation> written) {
        return written.stream()
                .sorted(Comparator.comparing(one -> !protection.isWhole(Objects.requireNonNull(one.text()))))
                .limit(rewriter.sequences())
                .toList();
    }
}
