package heed.generation;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a model's files say about generating with it: `generation_config.json` or, in a folder without one, the
/// same keys of `config.json`. Components that they do not say are null or unsaid.
///
/// @param length from `max_new_tokens`, `max_length` and their least counterparts
/// @param tokens from `eos_token_id`, `forced_bos_token_id`, `suppress_tokens`, `bad_words_ids` and their like
/// @param repetition from `repetition_penalty` and `no_repeat_ngram_size`
/// @param beams from `num_beams` (1 when not said), `length_penalty` and `early_stopping`
/// @param sampling from `temperature`, `top_k`, `top_p` and `min_p`; its seed means nothing
/// @param decoderStart `decoder_start_token_id`, what the decoder of an encoder–decoder model starts from
public record GenerationConfig(
        Length length,
        Tokens tokens,
        Repetition repetition,
        Strategy.Beams beams,
        Strategy.Sampling sampling,
        @Nullable Integer decoderStart) {
    /// A model whose files say nothing.
    public static final GenerationConfig UNSAID = new GenerationConfig(
            Length.UNSAID,
            Tokens.UNSAID,
            Repetition.UNSAID,
            new Strategy.Beams(1, null, null),
            new Strategy.Sampling(0, null, null, null, null),
            null);

    /// Reads what a model folder says.
    ///
    /// @throws IllegalArgumentException when a file is not readable, a key makes no sense, or one asks for what
    /// Heed does not do, with the reason in one line
    public static GenerationConfig read(Path folder) {
        GenerationFile file = GenerationFile.read(folder);
        if (file == null) {
            return UNSAID;
        }
        refuseUnsupported(file);
        try {
            return new GenerationConfig(
                    length(file),
                    tokens(file),
                    repetition(file),
                    beams(file),
                    sampling(file),
                    file.whole("decoder_start_token_id"));
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            throw reason.startsWith(folder.toString()) ? e : file.refuse(reason);
        }
    }

    /// What would change every strategy. What only changes sampling is left out: generation is greedy unless
    /// the caller says how to sample.
    private static void refuseUnsupported(GenerationFile file) {
        file.requireNeutral("encoder_repetition_penalty", "1.0", "1");
        file.requireNeutral("exponential_decay_length_penalty");
        file.requireNeutral("sequence_bias");
        file.requireNeutral("guidance_scale", "1.0", "1");
        file.requireNeutral("renormalize_logits", "false");
        file.requireNeutral("num_beam_groups", "1");
        file.requireNeutral("diversity_penalty", "0.0", "0");
        file.requireNeutral("force_words_ids");
        file.requireNeutral("watermarking_config");
    }

    private static Length length(GenerationFile file) {
        return new Length(
                file.whole("min_new_tokens"),
                file.whole("max_new_tokens"),
                file.whole("min_length"),
                file.whole("max_length"));
    }

    private static Tokens tokens(GenerationFile file) {
        return new Tokens(
                file.ids("eos_token_id"),
                file.whole("forced_bos_token_id"),
                file.ids("forced_eos_token_id"),
                file.ids("suppress_tokens"),
                file.ids("begin_suppress_tokens"),
                file.words("bad_words_ids"));
    }

    private static Repetition repetition(GenerationFile file) {
        return new Repetition(
                file.real("repetition_penalty"),
                file.whole("no_repeat_ngram_size"),
                file.whole("encoder_no_repeat_ngram_size"));
    }

    private static Strategy.Beams beams(GenerationFile file) {
        return new Strategy.Beams(
                Objects.requireNonNullElse(file.whole("num_beams"), 1),
                file.real("length_penalty"),
                file.earlyStopping("early_stopping"));
    }

    private static Strategy.Sampling sampling(GenerationFile file) {
        Double temperature = file.real("temperature");
        return new Strategy.Sampling(
                0,
                temperature != null && temperature == 0 ? null : temperature, // some files mean greedy by it
                file.whole("top_k"),
                file.real("top_p"),
                file.real("min_p"));
    }
}
