package heed.model;

/// What every head of a model with encoder and decoder looked at while it read a source and wrote a target.
///
/// @param encoder from source to source
/// @param decoder from target to target, nothing later visible
/// @param cross from target to source
public record EncoderDecoderMaps(AttentionMaps encoder, AttentionMaps decoder, AttentionMaps cross) {}
