package heed.kernel;

import java.util.ArrayList;
import java.util.List;

/// Attention in tiles of keys. For each tile the values are copied together once, then every
/// [VectorQueryGroup] that sees some of it takes its part; so keys and values come from memory once for
/// hundreds of queries.
///
/// Tiles start at multiples of [#TILE] whatever the queries see, and a hidden pair has weight 0, which
/// changes no bit of a sum. So a query's result does not depend on the queries it is computed with. Few
/// queries go through [VectorQuery] instead, which follows the same order.
final class VectorAttention {
    /// Keys in a tile: its scores and a group's packed queries stay in the first level cache.
    static final int TILE = 64;

    /// Up to so many queries are computed one by one: a group would be mostly fill.
    private static final int FEW = 4;

    /// Groups that share a tile: as many as leave room in the second level cache.
    private static final int GROUPS = 4;

    private static final int NARROW = TwoVectorTile.WIDTH;
    private static final int WIDEST = VectorProduct.PANEL_WIDTH;

    private VectorAttention() {}

    static int scratch(int dHead) {
        return sharedScratch(dHead) + GROUPS * VectorQueryGroup.scratch(dHead, WIDEST);
    }

    /// The values of a tile `[TILE, Dh]` and the scores of one group `[TILE, W]`.
    private static int sharedScratch(int dHead) {
        return TILE * dHead + TILE * WIDEST;
    }

    static void attend(AttentionBlock block, float[] scratch) {
        int query = 0;
        while (block.queries() - query > FEW) {
            List<VectorQueryGroup> groups = new ArrayList<>(GROUPS);
            int at = sharedScratch(block.dHead());
            while (groups.size() < GROUPS && block.queries() - query > FEW) {
                int left = block.queries() - query;
                int width = left > NARROW ? WIDEST : NARROW;
                int queries = Math.min(left, width);
                groups.add(new VectorQueryGroup(block, scratch, at, query, queries, width));
                at += VectorQueryGroup.scratch(block.dHead(), width);
                query += queries;
            }
            attend(block, groups, scratch);
        }
        for (; query < block.queries(); query++) {
            VectorQuery.attend(block, query, scratch);
        }
    }

    private static void attend(AttentionBlock block, List<VectorQueryGroup> groups, float[] scratch) {
        int from = block.keys();
        int to = 0;
        for (VectorQueryGroup group : groups) {
            from = Math.min(from, group.from());
            to = Math.max(to, group.to());
        }
        for (int tile = from / TILE * TILE; tile < to; tile += TILE) {
            int first = Math.max(tile, from);
            int keys = Math.min(tile + TILE, to) - first;
            copyValues(block, first, keys, scratch);
            for (VectorQueryGroup group : groups) {
                int groupFirst = Math.max(first, group.from());
                int groupKeys = Math.min(first + keys, group.to()) - groupFirst;
                if (groupKeys > 0) {
                    int values = (groupFirst - first) * block.dHead();
                    group.attend(groupFirst, groupKeys, values, TILE * block.dHead());
                }
            }
        }
        for (VectorQueryGroup group : groups) {
            group.writeContext();
        }
    }

    /// In a token-major matrix rows often lie a multiple of a large power of two apart, where they evict each
    /// other from the cache.
    private static void copyValues(AttentionBlock block, int first, int keys, float[] scratch) {
        int dHead = block.dHead();
        int from = block.valueOffset() + first * block.valueStride();
        for (int k = 0; k < keys; k++) {
            System.arraycopy(block.value(), from + k * block.valueStride(), scratch, k * dHead, dHead);
        }
    }
}
