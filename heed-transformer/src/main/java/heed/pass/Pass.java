package heed.pass;

import heed.tensor.Compute;
import heed.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/// One pass through a model: the operations it runs on, the place it has reached, who watches, and what is
/// dropped. Models hold none of this, so one model serves any number of passes at once.
public record Pass(Compute compute, Watch watch, Site site, Noise noise) {
    /// A pass that drops nothing.
    public Pass(Compute compute, Watch watch, Site site) {
        this(compute, watch, site, Noise.none());
    }

    /// A pass that trains.
    public static Pass training(Compute compute, Noise noise) {
        return new Pass(compute, Watch.NONE, Site.encoder(-1), noise);
    }

    public static Pass unwatched(Compute compute) {
        return new Pass(compute, Watch.NONE, Site.encoder(-1));
    }

    public static Pass watched(Compute compute, Watch watch) {
        return new Pass(compute, watch, Site.encoder(-1));
    }

    /// The same pass at another place.
    public Pass at(Site place) {
        return new Pass(compute, watch, place, noise);
    }

    /// As [Compute#recomputed], dropping the same both times.
    ///
    /// @param inputs everything that `work` computes with but learned parameters
    public Tensor recomputed(List<Tensor> inputs, Supplier<Tensor> work) {
        int start = noise.place();
        return compute.recomputed(inputs, () -> {
            noise.moveTo(start);
            return work.get();
        });
    }

    public boolean wants(Point point) {
        return watch.wants(site, point);
    }

    /// Shows a value of the whole batch to the watch, if it wants it, and returns the value to go on with.
    public Tensor see(Point point, Tensor value) {
        return see(point, -1, value);
    }

    /// Shows a value of one sequence to the watch, if it wants it, and returns the value to go on with.
    public Tensor see(Point point, int sequence, Tensor value) {
        if (!wants(point)) {
            return value;
        }
        Tensor seen = watch.see(site, point, sequence, value);
        if (!seen.shape().equals(value.shape())) {
            throw new IllegalStateException("the watch returned " + seen.shape() + " for " + point + " at " + site
                    + ", the pass needs " + value.shape());
        }
        return seen;
    }
}
