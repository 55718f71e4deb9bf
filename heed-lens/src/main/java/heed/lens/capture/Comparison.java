package heed.lens.capture;

import heed.kernel.WorkerPool;
import heed.pass.Site;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Two runs side by side, token by token: which tokens of one stand for which of the other, and in which heads
/// they look elsewhere.
///
/// @param pairs in the order of both texts
public record Comparison(Run a, Run b, Site.Stack stack, List<Pair> pairs) {
    /// A token of each text; -1 where one of them has none there.
    public record Pair(int a, int b) {
        boolean both() {
            return a >= 0 && b >= 0;
        }
    }

    /// How much a head looks elsewhere.
    ///
    /// @param change the mean over tokens that both texts have of half the sum of absolute differences between
    /// their rows over such tokens: 0 for the same, at most 1
    public record Change(int layer, int head, double change) {}

    public Comparison {
        pairs = List.copyOf(pairs);
    }

    /// Aligns the tokens by their longest common subsequence (Hunt and McIlroy 1976).
    ///
    /// @throws IllegalArgumentException when a run has no such stack, or looks from one text at another there
    public static Comparison of(Run a, Run b, Site.Stack stack) {
        if (stack == Site.Stack.CROSS) {
            throw new IllegalArgumentException("runs are compared in their encoders or decoders, not across");
        }
        a.stream(stack);
        b.stream(stack);
        return new Comparison(a, b, stack, align(a.queryTokens(stack), b.queryTokens(stack)));
    }

    private static List<Pair> align(List<RunToken> a, List<RunToken> b) {
        int[][] common = new int[a.size() + 1][b.size() + 1]; // of the rest from i and j on
        for (int i = a.size() - 1; i >= 0; i--) {
            for (int j = b.size() - 1; j >= 0; j--) {
                common[i][j] = a.get(i).piece().equals(b.get(j).piece())
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<Pair> pairs = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < a.size() || j < b.size()) {
            boolean same = i < a.size()
                    && j < b.size()
                    && a.get(i).piece().equals(b.get(j).piece());
            if (same) {
                pairs.add(new Pair(i++, j++));
            } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
                pairs.add(new Pair(i++, -1));
            } else {
                pairs.add(new Pair(-1, j++));
            }
        }
        return pairs;
    }

    /// The heads that both runs have, those that changed most first.
    public List<Change> changes(WorkerPool workers) {
        AttentionStream one = a.stream(stack);
        AttentionStream other = b.stream(stack);
        int layers = Math.min(one.layers(), other.layers());
        int heads = Math.min(one.heads(), other.heads());
        Change[] changes = new Change[layers * heads];
        workers.run(changes.length, number -> {
            int layer = number / heads;
            int head = number % heads;
            double sum = 0;
            int rows = 0;
            for (Pair query : pairs) {
                if (!query.both()) {
                    continue;
                }
                rows++;
                float[] before = one.row(layer, head, query.a(), Measure.WEIGHT);
                float[] after = other.row(layer, head, query.b(), Measure.WEIGHT);
                for (Pair key : pairs) {
                    sum += key.both() ? Math.abs(after[key.b()] - before[key.a()]) / 2 : 0;
                }
            }
            changes[number] = new Change(layer, head, rows == 0 ? 0 : sum / rows);
        });
        List<Change> sorted = new ArrayList<>(List.of(changes));
        sorted.sort(Comparator.comparingDouble(Change::change).reversed());
        return List.copyOf(sorted);
    }

    /// The weight in `b` less the weight in `a` for every pair of pairs, `[P, P]`; `NaN` where a text has no
    /// such token.
    public float[] difference(int layer, int head) {
        AttentionStream one = a.stream(stack);
        AttentionStream other = b.stream(stack);
        one.requireHead(layer, head);
        other.requireHead(layer, head);
        int n = pairs.size();
        float[] difference = new float[Math.multiplyExact(n, n)];
        for (int i = 0; i < n; i++) {
            Pair query = pairs.get(i);
            float[] before = query.both() ? one.row(layer, head, query.a(), Measure.WEIGHT) : new float[0];
            float[] after = query.both() ? other.row(layer, head, query.b(), Measure.WEIGHT) : new float[0];
            for (int j = 0; j < n; j++) {
                Pair key = pairs.get(j);
                difference[i * n + j] = query.both() && key.both() ? after[key.b()] - before[key.a()] : Float.NaN;
            }
        }
        return difference;
    }
}
