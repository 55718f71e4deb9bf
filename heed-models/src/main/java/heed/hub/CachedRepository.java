package heed.hub;

/// A model of the Hugging Face hub that is in its cache.
///
/// @param reference what to ask for it by: `hf:org/name[@revision]`
/// @param bytes what its files hold
public record CachedRepository(String reference, long bytes) {}
