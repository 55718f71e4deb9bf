package heed.testing;

import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Tensor;
import java.util.function.UnaryOperator;

/// A watch that changes what is shown at one point.
public record Edit(Point point, UnaryOperator<Tensor> change) implements Watch {
    @Override
    public boolean wants(Site site, Point offered) {
        return offered == point;
    }

    @Override
    public Tensor see(Site site, Point shown, int sequence, Tensor value) {
        return change.apply(value);
    }
}
