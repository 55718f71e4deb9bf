package heed.lens;

import heed.model.AttentionMap;
import heed.model.AttentionMaps;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/// Attention made by hand, so that a test knows what should be seen.
final class Maps {
    static final List<String> RIVER =
            List.of("[CLS]", "the", "bank", "by", "the", "river", "lend", "##s", "money", ".", "[SEP]");

    private Maps() {}

    /// A row for each token that gives `share` to the key that `target` names and the rest evenly to all.
    static float[][] looking(int tokens, float share, IntUnaryOperator target) {
        float[][] weights = new float[tokens][tokens];
        for (int i = 0; i < tokens; i++) {
            for (int j = 0; j < tokens; j++) {
                weights[i][j] = (1 - share) / tokens;
            }
            weights[i][Math.floorMod(target.applyAsInt(i), tokens)] += share;
        }
        return weights;
    }

    static AttentionMap head(List<String> tokens, float[][] weights) {
        return new AttentionMap("toy", 0, 0, tokens, tokens, weights);
    }

    /// Random rows that sum to 1, with some sharp ones among them.
    static AttentionMaps random(List<String> tokens, int layers, int heads) {
        Random random = new Random(7);
        int n = tokens.size();
        float[][][][] weights = new float[layers][heads][n][n];
        for (float[][][] layer : weights) {
            for (float[][] head : layer) {
                for (float[] row : head) {
                    double sum = 0;
                    for (int j = 0; j < n; j++) {
                        row[j] = (float) Math.exp(2 * random.nextGaussian());
                        sum += row[j];
                    }
                    for (int j = 0; j < n; j++) {
                        row[j] = (float) (row[j] / sum);
                    }
                }
            }
        }
        return new AttentionMaps("toy", tokens, weights);
    }
}
