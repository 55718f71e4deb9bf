package heed.kernel;

import static heed.kernel.VectorMath.EXP2_1;
import static heed.kernel.VectorMath.EXP2_2;
import static heed.kernel.VectorMath.EXP2_3;
import static heed.kernel.VectorMath.EXP2_4;
import static heed.kernel.VectorMath.EXP2_5;
import static heed.kernel.VectorMath.EXP2_6;
import static heed.kernel.VectorMath.EXPONENT_SHIFT;
import static heed.kernel.VectorMath.LEAST_EXPONENT;
import static heed.kernel.VectorMath.LOG2_E;
import static heed.kernel.VectorMath.ROUNDER;
import static heed.kernel.VectorRegisters.FLOATS;
import static heed.kernel.VectorRegisters.LANES;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.jspecify.annotations.Nullable;

/// The way back through attention for a group of queries, one in each lane. For each
/// tile of keys the weights `Pᵀ = exp(K Qᵀ - logSumExp)` are computed again, and all five products run in the
/// tiles of [VectorProduct]:
///
/// `dPᵀ = V dOᵀ`, `dSᵀ = Pᵀ (dPᵀ - O·dO)`, `dQᵀ += Kᵀ dSᵀ`, `dV += Pᵀ dO`, `dK += dSᵀ Q`.
///
/// Beside the gradients themselves it needs one tile of weights: memory that does not grow with n.
final class VectorAttentionGradient {
    /// Keys in a tile: its weights and a group's packed queries stay in the first level cache.
    private static final int TILE = 64;

    private static final int NARROW = TwoVectorTile.WIDTH;
    private static final int WIDEST = VectorProduct.PANEL_WIDTH;
    private static final float[] ZEROS = new float[FourVectorTile.WIDTH];

    private final AttentionGradient gradient;
    private final AttentionBlock block;
    private final float[] scratch;
    private final int dHead;
    private final int firstQuery;
    private final int queries;
    private final int width;
    private final int @Nullable [] rowKeys;

    // Where each part of the scratch starts.
    private final int queryLanes; // Qᵀ [Dh, W], scaled
    private final int contextLanes; // dOᵀ [Dh, W]
    private final int queryGradient; // dQᵀ [Dh, W], not yet scaled
    private final int queryPanels; // Q [W, Dh], scaled, as a packed right-hand side
    private final int contextPanels; // dO [W, Dh], likewise
    private final int shift; // [W], the log-sum-exp as a power of two
    private final int weighted; // [W], O·dO
    private final int weights; // Pᵀ [TILE, W]
    private final int scores; // dPᵀ, then dSᵀ [TILE, W]
    private final int keys; // K [TILE, Dh]
    private final int aside; // [TILE, W]

    private VectorAttentionGradient(
            AttentionGradient gradient, float[] scratch, int firstQuery, int queries, int width) {
        this.gradient = gradient;
        this.block = gradient.block();
        this.scratch = scratch;
        this.dHead = block.dHead();
        this.firstQuery = firstQuery;
        this.queries = queries;
        this.width = width;
        Dropout dropout = block.dropout();
        this.rowKeys = dropout == null
                ? null
                : VectorDropout.rowKeys(dropout, block.dropoutRow() + firstQuery, queries, width);
        int panels = width * padded(dHead);
        queryLanes = 0;
        contextLanes = queryLanes + dHead * width;
        queryGradient = contextLanes + dHead * width;
        queryPanels = queryGradient + dHead * width;
        contextPanels = queryPanels + panels;
        shift = contextPanels + panels;
        weighted = shift + width;
        weights = weighted + width;
        scores = weights + TILE * width;
        keys = scores + TILE * width;
        aside = keys + TILE * dHead;
    }

    static int scratch(int dHead) {
        return WIDEST * (3 * dHead + 2 * padded(dHead) + 2) + TILE * (3 * WIDEST + dHead);
    }

    /// The width of a head in whole panels: wide ones, and a narrow one where that is enough for the rest.
    private static int padded(int dHead) {
        int rest = dHead % WIDEST;
        int whole = dHead - rest;
        return rest == 0 ? whole : whole + panelWidth(rest);
    }

    private static int panelWidth(int columns) {
        return columns > NARROW ? WIDEST : NARROW;
    }

    static void attend(AttentionGradient gradient, float[] scratch) {
        AttentionBlock block = gradient.block();
        if (gradient.scoreGradient() != null) {
            Arrays.fill(gradient.scoreGradient(), 0, block.queries() * block.keys(), 0);
        }
        for (int query = 0; query < block.queries(); ) {
            int left = block.queries() - query;
            int width = panelWidth(left);
            new VectorAttentionGradient(gradient, scratch, query, Math.min(left, width), width).attend();
            query += width;
        }
    }

    private void attend() {
        int from = block.keys();
        int to = 0;
        for (int q = 0; q < queries; q++) {
            if (from(q) < to(q)) {
                from = Math.min(from, from(q));
                to = Math.max(to, to(q));
            }
        }
        if (from >= to) {
            return;
        }
        pack();
        for (int tile = from / TILE * TILE; tile < to; tile += TILE) {
            int first = Math.max(tile, from);
            attend(first, Math.min(tile + TILE, to) - first);
        }
        writeQueryGradient();
    }

    private int from(int q) {
        return block.visibleFrom() == null ? 0 : block.visibleFrom()[firstQuery + q];
    }

    private int to(int q) {
        return block.visibleTo() == null ? block.keys() : block.visibleTo()[firstQuery + q];
    }

    /// Lanes beyond the last query are zeros with a log-sum-exp of `+∞`, so that all their weights are 0.
    private void pack() {
        Arrays.fill(scratch, queryLanes, shift, 0);
        Arrays.fill(scratch, shift, weighted, Float.POSITIVE_INFINITY);
        Arrays.fill(scratch, weighted, weights, 0);
        float[] logSumExp = block.logSumExp();
        if (logSumExp == null) {
            throw new IllegalArgumentException("the row log-sum-exp of the forward pass is missing");
        }
        int query = block.queryOffset() + firstQuery * block.queryStride();
        int context = block.contextOffset() + firstQuery * block.contextStride();
        packRows(block.query(), query, block.queryStride(), block.scale(), queryLanes, queryPanels);
        packRows(gradient.contextGradient(), context, block.contextStride(), 1, contextLanes, contextPanels);
        for (int q = 0; q < queries; q++) {
            float rest = logSumExp[block.logSumExpOffset() + firstQuery + q];
            if (rest > Float.NEGATIVE_INFINITY) { // a query that sees nothing stays without weights
                scratch[shift + q] = rest * VectorMath.LOG2_E;
            }
            int at = context + q * block.contextStride();
            scratch[weighted + q] = VectorRow.dot(block.context(), at, gradient.contextGradient(), at, dHead);
        }
    }

    /// Once with a row in each lane, once as panels of columns.
    private void packRows(float[] rows, int from, int stride, float scale, int lanes, int panels) {
        VectorTranspose.transpose(rows, from, stride, queries, dHead, scale, scratch, lanes, width);
        for (int column = 0; column < dHead; column += WIDEST) {
            int columns = Math.min(WIDEST, dHead - column);
            int panelWidth = panelWidth(dHead - column);
            int to = panels + column * width;
            for (int q = 0; q < queries; q++) {
                VectorRow.scale(scale, rows, from + q * stride + column, columns, scratch, to + q * panelWidth);
            }
        }
    }

    /// Takes the part of one tile.
    private void attend(int first, int count) {
        int key = block.keyOffset() + first * block.keyStride();
        int value = block.valueOffset() + first * block.valueStride();
        for (int k = 0; k < count; k++) { // rows often lie a power of two apart, where they evict each other
            System.arraycopy(block.key(), key + k * block.keyStride(), scratch, keys + k * dHead, dHead);
        }
        toLanes(count, dHead, scratch, keys, dHead, 1, queryLanes, ZEROS, 0, 0, weights);
        addBias(first, count);
        hide(first, count);
        exponentials(scratch, weights, width, count, shift);
        toLanes(count, dHead, block.value(), value, block.valueStride(), 1, contextLanes, ZEROS, 0, 0, scores);
        scoreGradients(first, count);
        toRows(count, weights, contextPanels, gradient.valueGradient(), value, block.valueStride());
        toRows(count, scores, queryPanels, gradient.keyGradient(), key, block.keyStride());
        toLanes(dHead, count, scratch, keys, 1, dHead, scores, scratch, queryGradient, width, queryGradient);
    }

    /// `2^(score · log₂ e - shift)` in place of each score `[rows, width]`, with one shift for each column.
    ///
    /// The exponential is the one of [VectorMath#exp2UpTo127], spelled out. A call could be left as a call
    /// where the compiler has already inlined much, and would then pass every vector through memory.
    private static void exponentials(float[] x, int scores, int width, int rows, int shift) {
        for (int lane = 0; lane < width; lane += LANES) {
            FloatVector minusShift =
                    FloatVector.fromArray(FLOATS, x, shift + lane).neg();
            for (int row = 0; row < rows; row++) {
                int at = scores + row * width + lane;
                FloatVector t = FloatVector.fromArray(FLOATS, x, at).lanewise(FMA, LOG2_E, minusShift);
                FloatVector rounded = t.add(ROUNDER);
                FloatVector r = t.sub(rounded.sub(ROUNDER));
                FloatVector p = r.lanewise(FMA, EXP2_6, EXP2_5)
                        .lanewise(FMA, r, EXP2_4)
                        .lanewise(FMA, r, EXP2_3)
                        .lanewise(FMA, r, EXP2_2)
                        .lanewise(FMA, r, EXP2_1)
                        .lanewise(FMA, r, 1f);
                IntVector exponent = rounded.reinterpretAsInts().lanewise(LSHL, EXPONENT_SHIFT);
                p.reinterpretAsInts()
                        .add(exponent)
                        .reinterpretAsFloats()
                        .blend(0f, t.lt(LEAST_EXPONENT))
                        .intoArray(x, at);
            }
        }
    }

    private void addBias(int first, int count) {
        float[] bias = block.bias();
        if (bias == null) {
            return;
        }
        for (int q = 0; q < queries; q++) {
            int row = block.biasOffset() + (firstQuery + q) * block.biasStride() + first;
            for (int k = 0; k < count; k++) {
                scratch[weights + k * width + q] += bias[row + k];
            }
        }
    }

    private void hide(int first, int count) {
        if (block.visibleFrom() == null && block.visibleTo() == null) {
            return;
        }
        for (int q = 0; q < queries; q++) {
            int visible = Math.clamp(from(q) - (long) first, 0, count);
            int hidden = Math.clamp(to(q) - (long) first, visible, count);
            for (int k = 0; k < visible; k++) {
                scratch[weights + k * width + q] = Float.NEGATIVE_INFINITY;
            }
            for (int k = hidden; k < count; k++) {
                scratch[weights + k * width + q] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    /// `dSᵀ = Pᵀ (dPᵀ - O·dO)`; with dropout `dPᵀ` and then `Pᵀ` lose what the forward pass dropped.
    private void scoreGradients(int first, int count) {
        Dropout dropout = block.dropout();
        if (dropout != null && rowKeys != null) {
            VectorDropout.dropLanes(dropout, rowKeys, first, scratch, scores, count, width);
        }
        scoreGradients(scratch, weights, scores, count, width, weighted);
        if (dropout != null && rowKeys != null) {
            VectorDropout.dropLanes(dropout, rowKeys, first, scratch, weights, count, width);
        }
        float[] target = gradient.scoreGradient();
        if (target != null) {
            for (int q = 0; q < queries; q++) {
                for (int k = 0; k < count; k++) {
                    target[(firstQuery + q) * block.keys() + first + k] = scratch[scores + k * width + q];
                }
            }
        }
    }

    private static void scoreGradients(float[] x, int weights, int scores, int rows, int width, int weighted) {
        for (int row = 0; row < rows; row++) {
            for (int lane = 0; lane < width; lane += LANES) {
                int at = row * width + lane;
                FloatVector.fromArray(FLOATS, x, scores + at)
                        .sub(FloatVector.fromArray(FLOATS, x, weighted + lane))
                        .mul(FloatVector.fromArray(FLOATS, x, weights + at))
                        .intoArray(x, scores + at);
            }
        }
    }

    /// `dQ += dQᵀ` turned, times the scale. The packed queries are of no more use.
    private void writeQueryGradient() {
        VectorTranspose.transpose(
                scratch, queryGradient, width, dHead, queries, block.scale(), scratch, queryLanes, dHead);
        float[] target = gradient.queryGradient();
        for (int q = 0; q < queries; q++) {
            int row = block.queryOffset() + (firstQuery + q) * block.queryStride();
            VectorRow.add(target, row, scratch, queryLanes + q * dHead, dHead, target, row);
        }
    }

    /// `target[count, Dh] += left[count, W] · right[W, Dh]`, panel by panel.
    private void toRows(int count, int left, int right, float[] target, int to, int stride) {
        for (int column = 0; column < dHead; column += WIDEST) {
            int columns = Math.min(WIDEST, dHead - column);
            int panelWidth = panelWidth(columns);
            int panel = right + column * width;
            if (columns == panelWidth) {
                tile(
                        panelWidth,
                        count,
                        width,
                        scratch,
                        left,
                        width,
                        1,
                        panel,
                        target,
                        to + column,
                        stride,
                        target,
                        to + column,
                        stride);
            } else {
                tile(panelWidth, count, width, scratch, left, width, 1, panel, ZEROS, 0, 0, scratch, aside, panelWidth);
                for (int k = 0; k < count; k++) {
                    int row = to + k * stride + column;
                    VectorRow.add(target, row, scratch, aside + k * panelWidth, columns, target, row);
                }
            }
        }
    }

    /// `result[rows, W] = addend + A[rows, depth] · right[depth, W]`, all but `A` in the scratch.
    private void toLanes(
            int rows,
            int depth,
            float[] a,
            int aOffset,
            int aStride,
            int aStep,
            int right,
            float[] addend,
            int addendOffset,
            int addendStride,
            int result) {
        tile(
                width,
                rows,
                depth,
                a,
                aOffset,
                aStride,
                aStep,
                right,
                addend,
                addendOffset,
                addendStride,
                scratch,
                result,
                width);
    }

    private void tile(
            int columns,
            int rows,
            int depth,
            float[] a,
            int aOffset,
            int aStride,
            int aStep,
            int right,
            float[] addend,
            int addendOffset,
            int addendStride,
            float[] c,
            int cOffset,
            int cStride) {
        if (columns == NARROW) {
            TwoVectorTile.multiply(
                    rows,
                    depth,
                    a,
                    aOffset,
                    aStride,
                    aStep,
                    scratch,
                    right,
                    addend,
                    addendOffset,
                    addendStride,
                    c,
                    cOffset,
                    cStride);
        } else {
            FourVectorTile.multiply(
                    rows,
                    depth,
                    a,
                    aOffset,
                    aStride,
                    aStep,
                    scratch,
                    right,
                    addend,
                    addendOffset,
                    addendStride,
                    c,
                    cOffset,
                    cStride);
        }
    }
}
