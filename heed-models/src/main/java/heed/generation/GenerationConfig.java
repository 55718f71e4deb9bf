package heed.generation;

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
}
