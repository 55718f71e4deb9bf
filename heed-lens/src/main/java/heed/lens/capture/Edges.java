package heed.lens.capture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The strongest links of one head: for each query the fewest keys that have a given share of its attention
/// together, of all these the strongest few.
///
/// @param links strongest first
/// @param shown the share of all attention that is among them
public record Edges(List<Link> links, double shown) {
    private static final double ROUNDING = 1e-6;

    /// One query looking at one key.
    public record Link(int from, int to, float weight) {}

    /// @param mass the share of each query's attention, above 0 and at most 1
    /// @param limit the most links, at least 1
    public static Edges of(AttentionStream stream, int layer, int head, Measure measure, double mass, int limit) {
        if (!(mass > 0 && mass <= 1)) {
            throw new IllegalArgumentException("a share of the attention is above 0 and at most 1, not " + mass);
        }
        if (limit < 1) {
            throw new IllegalArgumentException("at least 1 link can be asked for, not " + limit);
        }
        List<Link> links = new ArrayList<>();
        double total = 0;
        float least = 0; // what is no greater cannot be among the strongest any more
        for (int i = 0; i < stream.queries(); i++) {
            float[] row = stream.row(layer, head, i, measure);
            total += addStrongest(row, i, mass, least, links);
            if (links.size() > 8 * limit) {
                strongest(links, limit);
                least = links.getLast().weight();
            }
        }
        strongest(links, limit);
        double shown = links.stream().mapToDouble(Link::weight).sum();
        return new Edges(List.copyOf(links), total == 0 ? 0 : shown / total);
    }

    /// Of a row's fewest keys with that mass, those above `least`. All keys below a certain weight together
    /// have less than the rest of the mass, so that only the others, which are few, are sorted.
    ///
    /// @return the sum of the row
    private static double addStrongest(float[] row, int query, double mass, float least, List<Link> links) {
        double sum = 0;
        for (float weight : row) {
            sum += weight;
        }
        double negligible = (1 - ROUNDING) * (1 - mass) * sum / row.length;
        int[] keys = IntStream.range(0, row.length)
                .filter(j -> row[j] > least && row[j] >= negligible)
                .boxed()
                .sorted((a, b) -> Float.compare(row[b], row[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        double reached = 0;
        for (int n = 0; n < keys.length && reached < mass * sum; n++) {
            links.add(new Link(query, keys[n], row[keys[n]]));
            reached += row[keys[n]];
        }
        return sum;
    }

    private static void strongest(List<Link> links, int limit) {
        links.sort(Comparator.comparingDouble(Link::weight)
                .reversed()
                .thenComparingInt(Link::from)
                .thenComparingInt(Link::to));
        if (links.size() > limit) {
            links.subList(limit, links.size()).clear();
        }
    }
}
