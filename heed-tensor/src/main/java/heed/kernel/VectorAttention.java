package heed.kernel;

import static heed.kernel.VectorRegisters.LANES;

import java.util.Arrays;

/// Attention in tiles of keys. Of each tile the keys are packed once as `Kᵀ` and the values as `V`, in panels;
/// then a few queries at a time go through `S = Q Kᵀ`, the online softmax of their rows, and `context += P V`.
/// Both products run in the tiles of [VectorProduct] with queries and contexts as rows, so neither is
/// transposed; a tile stays in the second level cache for hundreds of queries, and the scores of a few queries
/// in the first.
///
/// Tiles start at multiples of [#TILE] and lanes at multiples of a vector, whatever the queries see, and a
/// hidden pair has weight 0, which changes no bit of a sum. So a query's result does not depend on the queries
/// it is computed with. Panels of keys that none of a few queries sees are skipped, and nothing is masked but
/// the ends of rows: a causal mask saves nearly half of the work.
final class VectorAttention {
    /// Keys in a tile.
    static final int TILE = 384;

    /// Queries that share a packed tile.
    static final int QUERIES = 256;

    /// Queries that go through products and softmax together: the rows of a tile.
    private static final int FEW = 6;

    /// Queries that do not repay copying the values of a tile.
    private static final int TOO_FEW_TO_PACK = 2;

    private static final float[] ZEROS = new float[FourVectorTile.WIDTH];

    private final AttentionBlock block;
    private final float[] scratch;
    private final int dHead;
    private final int contextWidth;

    // Where each part of the scratch starts.
    private final int values; // panels of [TILE, Dh], after panels of [Dh, TILE]
    private final int scores; // [FEW, TILE]
    private final int context; // [QUERIES, Dh], not yet divided by the sums
    private final int sums; // [QUERIES, LANES]
    private final int greatest; // [LANES], of one row
    private final int shifts; // [QUERIES]

    private VectorAttention(AttentionBlock block, float[] scratch) {
        this.block = block;
        this.scratch = scratch;
        this.dHead = block.dHead();
        this.contextWidth = VectorPanels.padded(dHead);
        this.values = TILE * dHead;
        this.scores = values + TILE * contextWidth;
        this.context = scores + FEW * TILE;
        this.sums = context + QUERIES * contextWidth;
        this.greatest = sums + QUERIES * LANES;
        this.shifts = greatest + LANES;
    }

    static int scratch(int dHead) {
        int width = VectorPanels.padded(dHead);
        return TILE * (dHead + width + FEW) + QUERIES * (width + LANES + 1) + LANES;
    }

    static void attend(AttentionBlock block, float[] scratch) {
        VectorAttention attention = new VectorAttention(block, scratch);
        for (int query = 0; query < block.queries(); query += QUERIES) {
            attention.attend(query, Math.min(QUERIES, block.queries() - query));
        }
    }

    private void attend(int firstQuery, int queries) {
        Arrays.fill(scratch, context, context + queries * contextWidth, 0);
        Arrays.fill(scratch, sums, sums + queries * LANES, 0);
        Arrays.fill(scratch, shifts, shifts + queries, VectorOnlineSoftmax.NOTHING_SEEN);
        int from = firstVisible(firstQuery, queries);
        int to = lastVisible(firstQuery, queries);
        boolean inPlace = readsValuesInPlace(queries);
        for (int tile = from / TILE * TILE; tile < to; tile += TILE) {
            int first = Math.max(tile, from / LANES * LANES);
            int keys = Math.min(tile + TILE, to) - first;
            packKeys(first, keys);
            if (!inPlace) {
                packValues(first, keys);
            }
            for (int q = 0; q < queries; q += FEW) {
                attendFew(firstQuery + q, q, Math.min(FEW, queries - q), first, keys, inPlace);
            }
        }
        writeContext(firstQuery, queries);
    }

    private int from(int query) {
        return block.visibleFrom() == null ? 0 : block.visibleFrom()[query];
    }

    private int to(int query) {
        return block.visibleTo() == null ? block.keys() : block.visibleTo()[query];
    }

    /// The first key that any of the queries sees.
    private int firstVisible(int query, int queries) {
        int first = block.keys();
        for (int q = query; q < query + queries; q++) {
            if (from(q) < to(q)) {
                first = Math.min(first, from(q));
            }
        }
        return first;
    }

    /// The key after the last one that any of the queries sees.
    private int lastVisible(int query, int queries) {
        int last = 0;
        for (int q = query; q < query + queries; q++) {
            if (from(q) < to(q)) {
                last = Math.max(last, to(q));
            }
        }
        return last;
    }

    /// `Kᵀ · scale`, panels of keys.
    private void packKeys(int first, int keys) {
        for (int column = 0; column < keys; ) {
            int width = VectorPanels.width(keys - column);
            int from = block.keyOffset() + (first + column) * block.keyStride();
            VectorTranspose.transpose(
                    block.key(),
                    from,
                    block.keyStride(),
                    Math.min(width, keys - column),
                    dHead,
                    block.scale(),
                    scratch,
                    column * dHead,
                    width);
            column += width;
        }
    }

    /// `V`, panels of its columns.
    private void packValues(int first, int keys) {
        for (int column = 0; column < dHead; ) {
            int width = VectorPanels.width(dHead - column);
            int columns = Math.min(width, dHead - column);
            int from = block.valueOffset() + first * block.valueStride() + column;
            int to = values + column * TILE;
            for (int k = 0; k < keys; k++) {
                System.arraycopy(block.value(), from + k * block.valueStride(), scratch, to + k * width, columns);
            }
            column += width;
        }
    }

    /// A tile's part for a few queries.
    ///
    /// @param query the first query in the block
    /// @param row the same in this attention's own state
    /// @param first the tile's first key
    private void attendFew(int query, int row, int rows, int first, int keys, boolean inPlace) {
        int from = Math.clamp(firstVisible(query, rows) - (long) first, 0, keys);
        int to = Math.clamp(lastVisible(query, rows) - (long) first, 0, keys);
        if (from >= to) {
            return;
        }
        scores(query, rows, keys, from, to);
        for (int r = 0; r < rows; r++) {
            prepareRow(query + r, row + r, first, from, to, scores + r * TILE);
        }
        for (int r = 0; r < rows; r++) {
            weighRow(query + r, row + r, first, from, to, scores + r * TILE);
        }
        if (inPlace) {
            addValuesInPlace(row, rows, first, from, to);
        } else {
            addValues(row, rows, from, to);
        }
    }

    /// The panels of `Q Kᵀ` with keys from `from` to `to`, counted within the tile.
    private void scores(int query, int rows, int keys, int from, int to) {
        int queryOffset = block.queryOffset() + query * block.queryStride();
        for (int column = 0; column < to; ) {
            int width = VectorPanels.width(keys - column);
            if (column + width > from) {
                VectorPanels.multiply(
                        width,
                        rows,
                        dHead,
                        block.query(),
                        queryOffset,
                        block.queryStride(),
                        scratch,
                        column * dHead,
                        ZEROS,
                        0,
                        0,
                        scratch,
                        scores + column,
                        TILE);
            }
            column += width;
        }
    }

    /// Adds the bias, hides what the query does not see in its first and last vector, and moves the shift.
    private void prepareRow(int query, int row, int first, int from, int to, int at) {
        int rowFrom = Math.clamp(from(query) - (long) first, from, to);
        int rowTo = Math.clamp(to(query) - (long) first, rowFrom, to);
        if (rowFrom == rowTo) {
            return;
        }
        float[] bias = block.bias();
        if (bias != null) {
            int biasAt = block.biasOffset() + query * block.biasStride() + first + rowFrom;
            VectorRow.add(scratch, at + rowFrom, bias, biasAt, rowTo - rowFrom, scratch, at + rowFrom);
        }
        VectorOnlineSoftmax.hideEnds(scratch, at, rowFrom, rowTo);
        int vectorFrom = rowFrom / LANES * LANES;
        VectorOnlineSoftmax.moveShift(
                scratch,
                at + vectorFrom,
                VectorPanels.padded(rowTo) - vectorFrom,
                greatest,
                shifts + row,
                sums + row * LANES,
                context + row * contextWidth,
                contextWidth);
    }

    /// Scores become weights, in place; 0 where the query sees nothing.
    private void weighRow(int query, int row, int first, int from, int to, int at) {
        int rowFrom = Math.clamp(from(query) - (long) first, from, to);
        int rowTo = Math.clamp(to(query) - (long) first, rowFrom, to);
        if (rowFrom == rowTo) {
            Arrays.fill(scratch, at + from, at + to, 0);
            return;
        }
        int vectorFrom = rowFrom / LANES * LANES;
        int vectorTo = VectorPanels.padded(rowTo);
        VectorOnlineSoftmax.weights(
                scratch, at + vectorFrom, vectorTo - vectorFrom, scratch[shifts + row], sums + row * LANES);
        Dropout dropout = block.dropout();
        if (dropout != null) { // after the sum: what is dropped still counts in it
            int column = first + vectorFrom;
            int weights = at + vectorFrom;
            long dropped = block.dropoutRow() + query;
            VectorDropout.dropRow(dropout, dropped, column, scratch, weights, scratch, weights, vectorTo - vectorFrom);
        }
        if (from < vectorFrom) {
            Arrays.fill(scratch, at + from, at + vectorFrom, 0);
        }
        if (vectorTo < to) {
            Arrays.fill(scratch, at + vectorTo, at + to, 0);
        }
    }

    private void addValues(int row, int rows, int from, int to) {
        for (int column = 0; column < dHead; ) {
            int width = VectorPanels.width(dHead - column);
            int at = context + row * contextWidth + column;
            VectorPanels.multiply(
                    width,
                    rows,
                    to - from,
                    scratch,
                    scores + from,
                    TILE,
                    scratch,
                    values + column * TILE + from * width,
                    scratch,
                    at,
                    contextWidth,
                    scratch,
                    at,
                    contextWidth);
            column += width;
        }
    }

    /// Whether values are read where they lie: one or two queries, as in decoding, use each only so often, and
    /// to copy them first takes longer than that.
    private boolean readsValuesInPlace(int queries) {
        return queries <= TOO_FEW_TO_PACK && dHead % LANES == 0;
    }

    /// [#addValues] without panels; the bits are the same, as every output is summed in the order of the keys.
    private void addValuesInPlace(int row, int rows, int first, int from, int to) {
        for (int r = 0; r < rows; r++) {
            int weights = scores + r * TILE + from;
            int at = context + (row + r) * contextWidth;
            int value = block.valueOffset() + (first + from) * block.valueStride();
            int column = 0;
            for (; column + 4 * LANES <= dHead; column += 4 * LANES) {
                VectorRow.addWeightedRows4(
                        scratch, weights, to - from, block.value(), value + column, block.valueStride(), at + column);
            }
            for (; column < dHead; column += LANES) {
                VectorRow.addWeightedRows1(
                        scratch, weights, to - from, block.value(), value + column, block.valueStride(), at + column);
            }
        }
    }

    private void writeContext(int firstQuery, int queries) {
        for (int q = 0; q < queries; q++) {
            float sum = VectorOnlineSoftmax.sum(scratch, sums + q * LANES);
            float share = sum == 0 ? 0 : 1 / sum;
            int to = block.contextOffset() + (firstQuery + q) * block.contextStride();
            VectorRow.scale(share, scratch, context + q * contextWidth, dHead, block.context(), to);
            if (block.logSumExp() != null) {
                block.logSumExp()[block.logSumExpOffset() + firstQuery + q] =
                        VectorOnlineSoftmax.logSumExp(scratch[shifts + q], sum);
            }
        }
    }
}
