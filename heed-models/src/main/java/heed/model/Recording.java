package heed.model;

import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Keeps copies of what a pass shows at the points that were asked for.
public final class Recording implements Watch {
    private final Set<Point> points;
    private final Map<Place, Tensor> seen = new LinkedHashMap<>();

    private record Place(Site site, Point point, int sequence) {}

    private Recording(Set<Point> points) {
        this.points = points;
    }

    public static Recording of(Point... points) {
        return new Recording(Set.of(points));
    }

    @Override
    public boolean wants(Site site, Point point) {
        return points.contains(point);
    }

    @Override
    public Tensor see(Site site, Point point, int sequence, Tensor value) {
        seen.put(new Place(site, point, sequence), value.copy());
        return value;
    }

    /// What a layer showed of the whole batch.
    ///
    /// @throws IllegalArgumentException when nothing was recorded there
    public Tensor at(Site site, Point point) {
        return at(site, point, -1);
    }

    /// What a layer showed of one sequence.
    ///
    /// @throws IllegalArgumentException when nothing was recorded there
    public Tensor at(Site site, Point point, int sequence) {
        Tensor found = seen.get(new Place(site, point, sequence));
        if (found == null) {
            throw new IllegalArgumentException("nothing was recorded of " + point + " at " + site
                    + (sequence < 0 ? "" : ", sequence " + sequence));
        }
        return found;
    }
}
