package heed.task;

import heed.generation.Decoding;
import heed.generation.GenerationConfig;
import heed.generation.Strategy;
import heed.model.Model;
import heed.pass.Watch;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import java.util.List;

/// Reads texts and writes others, with an encoder–decoder.
///
/// @param prefix put before every text: the task that T5 is told, or a target language
/// @param sequences how many texts are wanted about each
record Rewriter(Writer writer, String prefix, int sequences) {
    /// Enough for a long sentence or a summary; T5's files say nothing, and Hugging Face's 20 would cut both.
    private static final int NEW_TOKENS = 256;

    /// @param work names what is done, for messages
    /// @throws IllegalArgumentException when the model is no encoder–decoder
    static Rewriter of(Model model, Decoding decoding, String prefix, String work) {
        Writer writer = new Writer(model, decoding.withLogProbabilities(), NEW_TOKENS, Watch.NONE);
        if (!writer.hasEncoder()) {
            throw new IllegalArgumentException(model.name() + " is a "
                    + model.config().architecture() + ", which reads no source to " + work
                    + "; an encoder–decoder such as Marian, T5 or BART does");
        }
        return new Rewriter(writer, prefix, decoding.sequences());
    }

    /// The same with all hypotheses of beam search, for somebody who chooses among them.
    Rewriter withAllBeams() {
        Decoding decoding = writer.decoding();
        return decoding.strategy() instanceof Strategy.Beams beams && decoding.sequences() < beams.count()
                ? new Rewriter(writer.sequences(beams.count()), prefix, sequences)
                : this;
    }

    Rewriter withPrefix(String other) {
        return new Rewriter(writer, other, sequences);
    }

    /// As the model's files say: beam search with their number of beams, or greedy decoding.
    static Decoding usual(Model model) {
        int beams = GenerationConfig.read(model.folder()).beams().count();
        return beams > 1 ? Decoding.beams(beams) : Decoding.greedy();
    }

    /// @throws IllegalArgumentException when a text is empty or too long, with its number
    List<Continuation> rewrite(List<String> texts) {
        return rewriteAll(texts).stream().map(List::getFirst).toList();
    }

    /// As [#rewrite] with every hypothesis, the best first.
    List<List<Continuation>> rewriteAll(List<String> texts) {
        List<String> whole = texts.stream()
                .map(text -> text.isBlank() ? text : prefix + text)
                .toList();
        List<int[]> sources = writer.model().encode(whole, EncodeOptions.defaults()).stream()
                .map(Encoding::ids)
                .toList();
        return writer.write(sources);
    }
}
