package heed.pass;

/// A place in a model: a layer of one of its stacks.
///
/// @param layer from 0; the embeddings before the first layer are layer `-1`
public record Site(Stack stack, int layer) {
    /// The stacks of layers that a Transformer can have. Attention from a decoder to its encoder is a place of
    /// its own.
    public enum Stack {
        ENCODER,
        DECODER,
        CROSS
    }

    public static Site encoder(int layer) {
        return new Site(Stack.ENCODER, layer);
    }

    public static Site decoder(int layer) {
        return new Site(Stack.DECODER, layer);
    }

    /// The attention of a decoder's layer to the encoder.
    public static Site cross(int layer) {
        return new Site(Stack.CROSS, layer);
    }
}
