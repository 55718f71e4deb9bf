package heed.testing;

import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A watch that remembers what it was shown, and changes nothing.
public final class Recorder implements Watch {
    /// What was shown once.
    ///
    /// @param value a copy
    /// @param array the array that was shown, to be compared by identity
    public record Sighting(Site site, Point point, int sequence, Tensor value, float[] array) {}

    private final Set<Point> points;
    private final List<Sighting> sightings = new ArrayList<>();

    public Recorder(Point... points) {
        this.points = Set.of(points);
    }

    public List<Sighting> sightings() {
        return List.copyOf(sightings);
    }

    /// The only tensor that was shown of a point.
    public Tensor only(Point point) {
        List<Sighting> found =
                sightings.stream().filter(seen -> seen.point() == point).toList();
        if (found.size() != 1) {
            throw new AssertionError(point + " was shown " + found.size() + " times");
        }
        return found.getFirst().value();
    }

    @Override
    public boolean wants(Site site, Point point) {
        return points.contains(point);
    }

    @Override
    public Tensor see(Site site, Point point, int sequence, Tensor value) {
        sightings.add(new Sighting(site, point, sequence, value.copy(), value.values()));
        return value;
    }
}
