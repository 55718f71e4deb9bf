package heed.lens.capture;

import heed.kernel.Kernels;
import heed.model.Model;
import heed.pass.Site;
import heed.pass.Watch;
import heed.task.Embedder;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/// What taking out heads does to a text's predictions.
///
/// @param kl how far the predictions move: the Kullback–Leibler divergence of those after from those before, in
/// nats, mean over the places; `NaN` for a model that predicts nothing there
/// @param deltaLogProbability by how much the logarithm of the probability of what was most probable before
/// changes, mean over the places; `NaN` as above
/// @param cosine between the mean of the last hidden states before and after
public record AblationEffect(double kl, double deltaLogProbability, double cosine) {
    /// One set of heads.
    ///
    /// @param run of the input; what the model wrote in it stays
    public static AblationEffect of(Model model, RunInput input, Run run, Ablation ablation) {
        Reading reading = Reading.again(model, input.without(Ablation.none()), run);
        return between(outcome(reading, Watch.NONE), outcome(reading, taking(reading, ablation)));
    }

    /// Every head of a stack by itself, by layer and head.
    ///
    /// @param run of the input; what the model wrote in it stays
    /// @param progress is told how many are done
    public static List<AblationEffect> ofEach(
            Model model, RunInput input, Run run, Site.Stack stack, Ablation.Filling filling, IntConsumer progress) {
        AttentionStream stream = run.stream(stack);
        Reading reading = Reading.again(model, input.without(Ablation.none()), run);
        Outcome before = outcome(reading, Watch.NONE);
        List<AblationEffect> effects = new ArrayList<>();
        for (int layer = 0; layer < stream.layers(); layer++) {
            for (int head = 0; head < stream.heads(); head++) {
                Ablation one = Ablation.of(new Ablation.HeadPlace(stream.stack(), layer, head), filling);
                effects.add(between(before, outcome(reading, taking(reading, one))));
                progress.accept(effects.size());
            }
        }
        return List.copyOf(effects);
    }

    private static Watch taking(Reading reading, Ablation ablation) {
        return Ablating.of(ablation, reading.network(), Watch.NONE);
    }

    /// @param probabilities a row for each place
    /// @param mean of the last hidden states
    private record Outcome(List<float[]> probabilities, float[] mean) {}

    private static Outcome outcome(Reading reading, Watch watch) {
        return reading.pass(watch, (hidden, pass) -> {
            int[] places = reading.predicted();
            List<float[]> probabilities = new ArrayList<>();
            if (places.length > 0) {
                Tensor logits = reading.logits(hidden, places, pass);
                Kernels kernels = pass.compute().kernels();
                for (int i = 0; i < places.length; i++) {
                    float[] row = logits.part(i).toArray();
                    kernels.softmax(row, 0, row.length);
                    probabilities.add(row);
                }
            }
            float[] mean = new float[hidden.size(1)];
            for (int n = 0; n < hidden.size(0); n++) {
                for (int d = 0; d < mean.length; d++) {
                    mean[d] += hidden.at(n, d) / hidden.size(0);
                }
            }
            return new Outcome(probabilities, mean);
        });
    }

    private static AblationEffect between(Outcome before, Outcome after) {
        double kl = 0;
        double delta = 0;
        int places = before.probabilities().size();
        for (int i = 0; i < places; i++) {
            float[] p = before.probabilities().get(i);
            float[] q = after.probabilities().get(i);
            int best = 0;
            for (int id = 0; id < p.length; id++) {
                best = p[id] > p[best] ? id : best;
                if (p[id] > 0) {
                    kl += p[id] * (Math.log(p[id]) - Math.log(Math.max(q[id], Float.MIN_NORMAL)));
                }
            }
            delta += Math.log(Math.max(q[best], Float.MIN_NORMAL)) - Math.log(p[best]);
        }
        return new AblationEffect(
                places == 0 ? Double.NaN : Math.max(0, kl / places),
                places == 0 ? Double.NaN : delta / places,
                Embedder.cosine(before.mean(), after.mean()));
    }
}
