package heed.lens.roles;

import heed.model.Model;
import java.util.ArrayList;
import java.util.List;

/// How differently heads look at the same words: the Jensen–Shannon divergence of their rows, in bits, mean
/// over tokens: 0 for heads that look alike, 1 for heads that never look at the same token (Clark et al. 2019,
/// §6).
///
/// @param between `[heads of all layers][heads of all layers]`
/// @param headsOfLayer heads in one layer
@SuppressWarnings("ArrayRecordComponent") // handed over
public record HeadDiversity(double[][] between, int headsOfLayer) {
    private static final int TOKENS_OF_SENTENCE = 5;

    /// @param sentences from which some tokens each are taken
    public static HeadDiversity of(Model model, Corpus corpus, int sentences) {
        List<TokenizedSentence> some = WeightsOfSentences.tokenized(
                model,
                corpus.sentences()
                        .subList(0, Math.min(sentences, corpus.sentences().size())));
        int heads = model.config().layers() * model.config().heads();
        List<List<float[]>> rows = new ArrayList<>();
        for (int head = 0; head < heads; head++) {
            rows.add(new ArrayList<>());
        }
        WeightsOfSentences.read(
                model, some, (_, sentence, layer, weights) -> take(sentence, layer, weights, rows, model), _ -> {});
        double[][] between = new double[heads][heads];
        for (int a = 0; a < heads; a++) {
            for (int b = 0; b < a; b++) {
                between[a][b] = divergence(rows.get(a), rows.get(b));
                between[b][a] = between[a][b];
            }
        }
        return new HeadDiversity(between, model.config().heads());
    }

    private static void take(
            TokenizedSentence sentence, int layer, float[] weights, List<List<float[]>> rows, Model model) {
        int n = sentence.tokens();
        int heads = model.config().heads();
        for (int h = 0; h < heads; h++) {
            for (int k = 0; k < TOKENS_OF_SENTENCE; k++) {
                float[] row = new float[n];
                System.arraycopy(weights, (h * n + k * n / TOKENS_OF_SENTENCE) * n, row, 0, n);
                rows.get(layer * heads + h).add(row);
            }
        }
    }

    private static double divergence(List<float[]> a, List<float[]> b) {
        double sum = 0;
        for (int r = 0; r < a.size(); r++) {
            sum += divergence(a.get(r), b.get(r));
        }
        return a.isEmpty() ? 0 : sum / a.size();
    }

    /// `H((p + q) / 2) - (H(p) + H(q)) / 2`, in bits.
    static double divergence(float[] p, float[] q) {
        double bits = 0;
        for (int j = 0; j < p.length; j++) {
            bits += (term(p[j]) + term(q[j])) / 2 - term((p[j] + q[j]) / 2.0);
        }
        return Math.max(0, bits);
    }

    private static double term(double probability) {
        return probability > 0 ? probability * Math.log(probability) / Math.log(2) : 0;
    }

    /// The mean over pairs of heads of one layer, by layer.
    public double[] within() {
        double[] within = new double[between.length / headsOfLayer];
        for (int layer = 0; layer < within.length; layer++) {
            int pairs = 0;
            for (int a = layer * headsOfLayer; a < (layer + 1) * headsOfLayer; a++) {
                for (int b = layer * headsOfLayer; b < a; b++) {
                    within[layer] += between[a][b];
                    pairs++;
                }
            }
            within[layer] /= Math.max(1, pairs);
        }
        return within;
    }

    /// The mean over all pairs.
    public double mean() {
        double sum = 0;
        for (int a = 0; a < between.length; a++) {
            for (int b = 0; b < a; b++) {
                sum += between[a][b];
            }
        }
        return sum / Math.max(1, between.length * (between.length - 1) / 2);
    }
}
