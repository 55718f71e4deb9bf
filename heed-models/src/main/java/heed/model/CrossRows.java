package heed.model;

import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Keeps what a decoder looks at in one source: all rows of a layer at once, or row by row, as the decoder goes
/// through its target.
final class CrossRows implements Watch {
    private final SortedMap<Integer, List<Tensor>> layers = new TreeMap<>(); // `[H, Tq, Tk]` each

    /// Those of the other stacks too: their readable attention rounds otherwise than the fused one, and the
    /// same weights are to come out as where everything is looked at.
    @Override
    public boolean wants(Site site, Point point) {
        return point == Point.WEIGHTS;
    }

    @Override
    public Tensor see(Site site, Point point, int sequence, Tensor value) {
        if (site.stack() == Site.Stack.CROSS) {
            layers.computeIfAbsent(site.layer(), _ -> new ArrayList<>()).add(value.copy());
        }
        return value;
    }

    /// `[layers][heads][Tq][Tk]`
    float[][][][] weights() {
        return layers.values().stream().map(CrossRows::heads).toArray(float[][][][]::new);
    }

    private static float[][][] heads(List<Tensor> parts) {
        float[][][] heads = new float[parts.getFirst().size(0)][][];
        for (int h = 0; h < heads.length; h++) {
            List<float[]> rows = new ArrayList<>();
            for (Tensor part : parts) {
                for (int i = 0; i < part.size(1); i++) {
                    rows.add(part.part(h).part(i).toArray());
                }
            }
            heads[h] = rows.toArray(float[][]::new);
        }
        return heads;
    }
}
