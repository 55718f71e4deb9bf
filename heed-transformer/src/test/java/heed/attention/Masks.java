package heed.attention;

import heed.tensor.Sequences;
import heed.testing.Seeded;
import java.util.ArrayList;
import java.util.List;

/// Masks of every kind for the keys of a batch.
final class Masks {
    private Masks() {}

    /// Masks that leave each query one stretch of keys.
    static List<Mask> ofStretches() {
        return List.of(
                Mask.none(),
                Mask.causal(),
                new Mask.Window(1),
                new Mask.Window(3),
                new Mask.Window(1000),
                new Mask.Window(2).and(Mask.causal()),
                Mask.causal().and(new Mask.Window(5)).and(Mask.none()));
    }

    /// Masks that hide single keys or pairs, also together with stretches.
    static List<Mask> ofPairs(long seed, Sequences keys) {
        Mask holes = holes(seed, keys);
        Mask pairs = pairs();
        return List.of(
                holes,
                pairs,
                Mask.causal().and(holes),
                pairs.and(Mask.causal()),
                holes.and(pairs),
                new Mask.Window(3).and(Mask.causal()).and(holes));
    }

    static List<Mask> all(long seed, Sequences keys) {
        List<Mask> all = new ArrayList<>(ofStretches());
        all.addAll(ofPairs(seed, keys));
        return all;
    }

    /// A third of the keys hidden from everyone.
    static Mask.Keys holes(long seed, Sequences keys) {
        Seeded seeded = new Seeded(seed);
        List<boolean[]> visible = new ArrayList<>();
        for (int b = 0; b < keys.count(); b++) {
            boolean[] shown = new boolean[keys.length(b)];
            for (int j = 0; j < shown.length; j++) {
                shown[j] = seeded.below(3) > 0;
            }
            visible.add(shown);
        }
        return new Mask.Keys(visible);
    }

    /// Pairs without a pattern that a stretch could follow; some queries see nothing.
    static Mask.Pairs pairs() {
        return new Mask.Pairs((sequence, i, j) -> i % 5 != 4 && (7 * i + 3 * j + sequence) % 4 != 0);
    }
}
