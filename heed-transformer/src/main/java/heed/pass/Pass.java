package heed.pass;

import heed.tensor.Compute;
import heed.tensor.Tensor;

/// One pass through a model: the operations it runs on, the place it has reached, and who watches. Models hold
/// none of this, so one model serves any number of passes at once.
public record Pass(Compute compute, Watch watch, Site site) {
    public static Pass unwatched(Compute compute) {
        return new Pass(compute, Watch.NONE, Site.encoder(-1));
    }

    public static Pass watched(Compute compute, Watch watch) {
        return new Pass(compute, watch, Site.encoder(-1));
    }

    /// The same pass at another place.
    public Pass at(Site place) {
        return new Pass(compute, watch, place);
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
