package heed.lens.capture;

import heed.family.Network;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Tensor;
import java.util.List;

/// Heads that are taken out of a pass: what they hand on is replaced, in all positions alike, so that the pass
/// goes on as if they had nothing particular to say (Michel et al. 2019, §2.3).
///
/// @param heads which
/// @param filling what stands in their place
public record Ablation(List<HeadPlace> heads, Filling filling) {
    public Ablation {
        heads = List.copyOf(heads);
    }

    /// What stands in the place of what a head hands on.
    public enum Filling {
        /// Zeros.
        ZERO,
        /// The mean of what it hands on over the positions of the text: what does not depend on the position
        /// stays.
        MEAN
    }

    /// One head.
    ///
    /// @param layer from 0
    /// @param head from 0
    public record HeadPlace(Site.Stack stack, int layer, int head) {}

    /// All heads stay.
    public static Ablation none() {
        return new Ablation(List.of(), Filling.ZERO);
    }

    /// One head goes.
    public static Ablation of(HeadPlace head, Filling filling) {
        return new Ablation(List.of(head), filling);
    }

    /// Takes these heads out of any pass through a network.
    public Watch watch(Network network) {
        return Ablating.of(this, network, Watch.NONE);
    }

    boolean concerns(Site site) {
        return heads.stream().anyMatch(head -> head.stack() == site.stack() && head.layer() == site.layer());
    }

    /// What the heads of a layer hand on, `[N, H·Dh]`, without those that go.
    Tensor without(Site site, Tensor context, int dHead) {
        Tensor changed = context.copy();
        for (HeadPlace place : heads) {
            if (place.stack() == site.stack() && place.layer() == site.layer()) {
                fill(changed.columns(place.head() * dHead, (place.head() + 1) * dHead));
            }
        }
        return changed;
    }

    private void fill(Tensor head) {
        for (int c = 0; c < head.size(1); c++) {
            double sum = 0;
            for (int n = 0; n < head.size(0) && filling == Filling.MEAN; n++) {
                sum += head.at(n, c);
            }
            for (int n = 0; n < head.size(0); n++) {
                head.set((float) (sum / head.size(0)), n, c);
            }
        }
    }
}
