package heed.lens.capture;

import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Tensor;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/// Watches a pass over one sequence, keeps what [AttentionStream] needs, and takes out heads on the way.
final class Capture implements Watch {
    private static final Set<Point> KEPT =
            EnumSet.of(Point.QUERY, Point.KEY, Point.VALUE, Point.LOG_SUM_EXP, Point.HIDDEN);

    private final Ablation ablation;
    private final ToIntFunction<Site.Stack> headWidths;
    private final boolean keeps;
    private final Map<Site, Map<Point, Tensor>> seen = new HashMap<>();

    private Capture(Ablation ablation, ToIntFunction<Site.Stack> headWidths, boolean keeps) {
        this.ablation = ablation;
        this.headWidths = headWidths;
        this.keeps = keeps;
    }

    /// Keeps everything.
    ///
    /// @param headWidths Dh of each stack
    static Capture of(Ablation ablation, ToIntFunction<Site.Stack> headWidths) {
        return new Capture(ablation, headWidths, true);
    }

    /// Keeps nothing: takes out heads alone.
    static Capture nothing(Ablation ablation, ToIntFunction<Site.Stack> headWidths) {
        return new Capture(ablation, headWidths, false);
    }

    @Override
    public boolean wants(Site site, Point point) {
        return point == Point.CONTEXT ? ablation.concerns(site) : keeps && KEPT.contains(point);
    }

    @Override
    public Tensor see(Site site, Point point, int sequence, Tensor value) {
        if (point == Point.CONTEXT) {
            return ablation.without(site, value, headWidths.applyAsInt(site.stack()));
        }
        seen.computeIfAbsent(site, _ -> new EnumMap<>(Point.class)).put(point, value.copy());
        return value;
    }

    /// What was seen at a place.
    Tensor at(Site site, Point point) {
        Tensor tensor = seen.getOrDefault(site, Map.of()).get(point);
        if (tensor == null) {
            throw new IllegalStateException("the pass showed no " + point + " at " + site);
        }
        return tensor;
    }
}
