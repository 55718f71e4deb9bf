package heed.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What one head of one layer looked at in one text.
///
/// @param model the model's name
/// @param layer from 0
/// @param head from 0
/// @param queryTokens the tokens that look, one per row
/// @param keyTokens the tokens that are looked at, one per column; the same list in self-attention
/// @param weights `[Tq][Tk]`, row by row the share of its attention that a token gives to each other; a row
/// sums to 1
public record AttentionMap(
        String model, int layer, int head, List<String> queryTokens, List<String> keyTokens, float[][] weights) {
    public AttentionMap {
        queryTokens = List.copyOf(queryTokens);
        keyTokens = List.copyOf(keyTokens);
        if (weights.length != queryTokens.size()) {
            throw new IllegalArgumentException(
                    "weights have " + weights.length + " rows for " + queryTokens.size() + " tokens");
        }
        for (float[] row : weights) {
            if (row.length != keyTokens.size()) {
                throw new IllegalArgumentException(
                        "weights have " + row.length + " columns for " + keyTokens.size() + " tokens");
            }
        }
    }

    /// The keys that query `i` gives the most weight to, strongest first.
    public List<Link> strongest(int i, int count) {
        return IntStream.range(0, keyTokens.size())
                .boxed()
                .sorted((a, b) -> Float.compare(weights[i][b], weights[i][a]))
                .limit(count)
                .map(j -> new Link(i, j, weights[i][j]))
                .toList();
    }

    /// One query looking at one key.
    public record Link(int query, int key, float weight) {}

    @Override
    public String toString() {
        return "layer " + layer + ", head " + head + " of " + model + " over " + Arrays.toString(queryTokens.toArray());
    }
}
