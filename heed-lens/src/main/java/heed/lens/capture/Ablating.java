package heed.lens.capture;

import heed.family.Network;
import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Tensor;
import java.util.List;

/// Takes heads out of a pass, on the way to another watch.
///
/// @param plans the stacks of the model
record Ablating(Ablation ablation, List<StackPlan> plans, Watch watch) implements Watch {
    static Watch of(Ablation ablation, Network network, Watch watch) {
        return new Ablating(ablation, StackPlan.of(network), watch);
    }

    @Override
    public boolean wants(Site site, Point point) {
        return takesOut(site, point) || watch.wants(site, point);
    }

    private boolean takesOut(Site site, Point point) {
        return point == Point.CONTEXT && ablation.concerns(site);
    }

    @Override
    public Tensor see(Site site, Point point, int sequence, Tensor value) {
        Tensor left = takesOut(site, point) ? ablation.without(site, value, headWidth(site.stack())) : value;
        return watch.wants(site, point) ? watch.see(site, point, sequence, left) : left;
    }

    private int headWidth(Site.Stack stack) {
        return plans.stream()
                .filter(plan -> plan.stack() == stack)
                .map(plan -> plan.heads().width())
                .findFirst()
                .orElseThrow();
    }
}
