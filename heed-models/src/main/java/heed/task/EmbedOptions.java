package heed.task;

/// How texts are embedded.
///
/// @param normalize whether vectors are scaled to length 1, so that their dot product is their cosine
/// @param truncateTo the tokens after which a text is cut; 0 to refuse texts that the model cannot take whole
public record EmbedOptions(Pooling pooling, boolean normalize, int truncateTo) {
    public EmbedOptions {
        if (truncateTo < 0) {
            throw new IllegalArgumentException("cannot cut texts to " + truncateTo + " tokens");
        }
    }

    public EmbedOptions pooling(Pooling other) {
        return new EmbedOptions(other, normalize, truncateTo);
    }

    public EmbedOptions normalize(boolean other) {
        return new EmbedOptions(pooling, other, truncateTo);
    }

    public EmbedOptions truncateTo(int tokens) {
        return new EmbedOptions(pooling, normalize, tokens);
    }
}
