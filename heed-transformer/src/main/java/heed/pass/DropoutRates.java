package heed.pass;

/// Which share of the values is dropped while training, by place.
///
/// @param embedding of the sum of the embeddings, before the first layer
/// @param attention of the attention weights
/// @param residual of what attention and feed-forward network hand to the residual connection (Vaswani et al.
/// 2017, §5.4)
/// @param activation inside the feed-forward network, after the activation
/// @param update of what goes into updates beside weights that stay
public record DropoutRates(float embedding, float attention, float residual, float activation, float update) {
    public DropoutRates(float embedding, float attention, float residual, float activation) {
        this(embedding, attention, residual, activation, 0);
    }

    public DropoutRates withUpdate(float rate) {
        return new DropoutRates(embedding, attention, residual, activation, rate);
    }

    /// Nothing is dropped.
    public static final DropoutRates NONE = new DropoutRates(0, 0, 0, 0);

    /// The same rate at the places that GPT-2 and BERT drop at: not inside the feed-forward network.
    public static DropoutRates of(float rate) {
        return new DropoutRates(rate, rate, rate, 0);
    }

    /// The same rate at all places.
    public static DropoutRates everywhere(float rate) {
        return new DropoutRates(rate, rate, rate, rate);
    }
}
