package heed.training;

import heed.autograd.Parameter;
import java.util.ArrayList;
import java.util.List;

/// Averages of parameters over steps, which often do better than the last ones: exponential (Polyak and
/// Juditsky 1992; `decay` per step), or the plain mean of all steps seen.
public final class MovingAverage {
    private final List<Parameter> parameters;
    private final double decay;
    private final List<float[]> averages = new ArrayList<>();
    private long steps;

    private MovingAverage(List<Parameter> parameters, double decay) {
        this.parameters = List.copyOf(parameters);
        this.decay = decay;
        parameters.forEach(parameter -> averages.add(new float[parameter.elements()]));
    }

    /// @param decay the share that the average keeps at each step, below 1
    public static MovingAverage exponential(List<Parameter> parameters, double decay) {
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException("the decay of an average must be at least 0 and below 1, got " + decay);
        }
        return new MovingAverage(parameters, decay);
    }

    public static MovingAverage mean(List<Parameter> parameters) {
        return new MovingAverage(parameters, 1);
    }

    /// Takes the parameters as they are now into the average. The first ones are the average.
    public void update() {
        steps++;
        double share = decay < 1 && steps > 1 ? 1 - decay : 1.0 / steps;
        for (int i = 0; i < averages.size(); i++) {
            float[] average = averages.get(i);
            float[] value = parameters.get(i).value().values();
            for (int j = 0; j < average.length; j++) {
                average[j] += (float) (share * (value[j] - average[j]));
            }
        }
    }

    /// Exchanges parameters and averages, and back when called again.
    public void swap() {
        for (int i = 0; i < averages.size(); i++) {
            float[] value = parameters.get(i).value().values();
            float[] kept = value.clone();
            System.arraycopy(averages.get(i), 0, value, 0, value.length);
            System.arraycopy(kept, 0, averages.get(i), 0, kept.length);
        }
    }

    /// The average of a parameter.
    public float[] average(int index) {
        return averages.get(index);
    }

    /// How many steps the average has seen.
    public long steps() {
        return steps;
    }

    /// Goes on as after that many steps; the averages are set by the caller.
    public void resumeAt(long seen) {
        steps = seen;
    }
}
