package heed.model;

import java.util.List;

/// What every head of every layer looked at in one text, or from one text in another.
///
/// @param model the model's name
/// @param tokens the tokens that look, with the special ones that the model needs
/// @param keyTokens the tokens that are looked at; the same in self-attention
/// @param weights `[layers][heads][Tq][Tk]`
public record AttentionMaps(String model, List<String> tokens, List<String> keyTokens, float[][][][] weights) {
    public AttentionMaps {
        tokens = List.copyOf(tokens);
        keyTokens = List.copyOf(keyTokens);
    }

    /// Self-attention.
    public AttentionMaps(String model, List<String> tokens, float[][][][] weights) {
        this(model, tokens, tokens, weights);
    }

    public int layers() {
        return weights.length;
    }

    public int heads() {
        return weights[0].length;
    }

    /// The heads of one layer.
    ///
    /// @param layer from 0
    public Layer layer(int layer) {
        if (layer < 0 || layer >= layers()) {
            throw new IllegalArgumentException(
                    "layer " + layer + " does not exist, " + model + " has layers 0 to " + (layers() - 1));
        }
        return new Layer(this, layer);
    }

    /// One layer's heads.
    public record Layer(AttentionMaps maps, int layer) {
        /// @param head from 0
        public AttentionMap head(int head) {
            if (head < 0 || head >= maps.heads()) {
                throw new IllegalArgumentException(
                        "head " + head + " does not exist, " + maps.model + " has heads 0 to " + (maps.heads() - 1));
            }
            return new AttentionMap(maps.model, layer, head, maps.tokens, maps.keyTokens, maps.weights[layer][head]);
        }

        /// The mean over the heads of this layer, as head `-1`.
        public AttentionMap mean() {
            int queries = maps.tokens.size();
            int keys = maps.keyTokens.size();
            float[][] mean = new float[queries][keys];
            for (float[][] head : maps.weights[layer]) {
                for (int i = 0; i < queries; i++) {
                    for (int j = 0; j < keys; j++) {
                        mean[i][j] += head[i][j] / maps.heads();
                    }
                }
            }
            return new AttentionMap(maps.model, layer, -1, maps.tokens, maps.keyTokens, mean);
        }
    }
}
