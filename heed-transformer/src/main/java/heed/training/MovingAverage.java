package heed.training;

import heed.autograd.Parameter;
import java.util.ArrayList;
import java.util.List;

/// Averages of parameters over steps, which often do better than the last ones: exponential (Polyak and
/// Juditsky 1992; `decay` per step), or the plain mean of what the parameters were at some steps (Vaswani et
/// al. 2017, §6.1, average checkpoints).
public final class MovingAverage {
    private final List<Parameter> parameters;
    private final double decay;
    private final long from;
    private final long every;
    private final List<float[]> averages = new ArrayList<>();
    private long seen;

    private MovingAverage(List<Parameter> parameters, double decay, long from, long every) {
        this.parameters = List.copyOf(parameters);
        this.decay = decay;
        this.from = from;
        this.every = every;
        parameters.forEach(parameter -> averages.add(new float[parameter.elements()]));
    }

    /// No average: the parameters as they are.
    public static MovingAverage none() {
        return new MovingAverage(List.of(), 0, 1, 1);
    }

    /// @param decay the share that the average keeps at each step, below 1
    public static MovingAverage exponential(List<Parameter> parameters, double decay) {
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException("the decay of an average must be at least 0 and below 1, got " + decay);
        }
        return new MovingAverage(parameters, decay, 1, 1);
    }

    /// @param from the first step that counts
    /// @param every steps from one that counts to the next
    public static MovingAverage mean(List<Parameter> parameters, long from, long every) {
        if (from < 1 || every < 1) {
            throw new IllegalArgumentException(
                    "an average from step " + from + ", every " + every + " steps, cannot be: use at least 1");
        }
        return new MovingAverage(parameters, 1, from, every);
    }

    /// Takes the parameters as they are after a step into the average, if the step counts. The first ones are
    /// the average.
    public void update(long step) {
        if (step < from || (step - from) % every != 0) {
            return;
        }
        seen++;
        double share = decay < 1 && seen > 1 ? 1 - decay : 1.0 / seen;
        for (int i = 0; i < averages.size(); i++) {
            float[] average = averages.get(i);
            float[] value = parameters.get(i).value().values();
            for (int j = 0; j < average.length; j++) {
                average[j] += (float) (share * (value[j] - average[j]));
            }
        }
    }

    /// Exchanges parameters and averages, and back when called again. Before the first step that counts the
    /// parameters stay.
    public void swap() {
        for (int i = 0; seen > 0 && i < averages.size(); i++) {
            float[] value = parameters.get(i).value().values();
            float[] kept = value.clone();
            System.arraycopy(averages.get(i), 0, value, 0, value.length);
            System.arraycopy(kept, 0, averages.get(i), 0, kept.length);
        }
    }

    /// Whose averages are kept, in order.
    public List<Parameter> parameters() {
        return parameters;
    }

    /// The average of a parameter.
    public float[] average(int index) {
        return averages.get(index);
    }

    /// How many steps the average has seen.
    public long seen() {
        return seen;
    }

    /// Goes on as after that many steps; the averages are set by the caller.
    public void resumeAt(long steps) {
        seen = steps;
    }
}
