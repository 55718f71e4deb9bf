package heed.lens.capture;

import heed.attention.Heads;
import heed.attention.Mask;
import heed.attention.Scoring;
import heed.kernel.Kernels;
import heed.kernel.MatrixView;
import heed.kernel.WorkerPool;
import heed.pass.Site;
import heed.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/// The attention of one stack of layers in one pass over one sequence.
///
/// Kept are the queries and keys as they met, the values, and the logarithm of each row's sum of exponentials:
/// memory grows with the tokens, and a weight is `exp(score - logSumExp)` with the score of [Scoring#score], by
/// which the readable attention computes as well.
public final class AttentionStream {
    private final Site.Stack stack;
    private final Heads heads;
    private final List<Layer> layers;
    private final Kernels kernels;

    /// What one layer left.
    ///
    /// @param query `[Tq, H·Dh]`
    /// @param key `[Tk, Hkv·Dh]`
    /// @param value `[Tk, Hkv·Dh]`
    /// @param logSumExp `[H, Tq]`
    record Layer(Tensor query, Tensor key, Tensor value, Tensor logSumExp, Scoring scoring) {}

    AttentionStream(Site.Stack stack, Heads heads, List<Layer> layers, Kernels kernels) {
        this.stack = stack;
        this.heads = heads;
        this.layers = List.copyOf(layers);
        this.kernels = kernels;
    }

    public Site.Stack stack() {
        return stack;
    }

    public int layers() {
        return layers.size();
    }

    public int heads() {
        return heads.count();
    }

    /// Dh
    public int headWidth() {
        return heads.width();
    }

    /// The tokens that look.
    public int queries() {
        return layers.getFirst().query().size(0);
    }

    /// The tokens that are looked at.
    public int keys() {
        return layers.getFirst().key().size(0);
    }

    /// Whether no token sees a later one.
    public boolean causal() {
        return stack == Site.Stack.DECODER && !(layers.getFirst().scoring().mask() instanceof Mask.None);
    }

    /// The bytes of everything that is kept.
    public long bytes() {
        long floats = 0;
        for (Layer layer : layers) {
            floats += (long) layer.query().shape().elements()
                    + layer.key().shape().elements()
                    + layer.value().shape().elements()
                    + layer.logSumExp().shape().elements();
        }
        return floats * Float.BYTES;
    }

    /// A rectangle of one head: what the queries `fromQuery` to `toQuery` (exclusive) give to the keys
    /// `fromKey` to `toKey` (exclusive), row by row.
    ///
    /// @throws IllegalArgumentException when there is no such layer, head or token
    public float[] weights(int layer, int head, int fromQuery, int toQuery, int fromKey, int toKey, Measure measure) {
        requireHead(layer, head);
        requireRange("query", fromQuery, toQuery, queries());
        requireRange("key", fromKey, toKey, keys());
        int width = toKey - fromKey;
        float[] weights = new float[Math.multiplyExact(toQuery - fromQuery, width)];
        if (measure == Measure.VALUE) { // a share of the whole row
            float[] lengths = valueLengths(layer, head);
            float[] row = new float[keys()];
            for (int i = fromQuery; i < toQuery; i++) {
                fill(layer, head, i, 0, keys(), row, 0);
                weighByLength(row, lengths);
                System.arraycopy(row, fromKey, weights, (i - fromQuery) * width, width);
            }
            return weights;
        }
        for (int i = fromQuery; i < toQuery; i++) {
            fill(layer, head, i, fromKey, toKey, weights, (i - fromQuery) * width);
        }
        return weights;
    }

    /// What a query gives to every key.
    public float[] row(int layer, int head, int query, Measure measure) {
        return weights(layer, head, query, query + 1, 0, keys(), measure);
    }

    /// What every query gives to a key.
    public float[] column(int layer, int head, int key, Measure measure) {
        return weights(layer, head, 0, queries(), key, key + 1, measure);
    }

    /// The greatest weight in each cell of a picture of `height × width` cells of all heads, `[layers, H,
    /// height, width]`. A picture is no larger than the matrix.
    public float[] greatest(int height, int width, WorkerPool workers) {
        requireRange("picture row", 0, height, queries());
        requireRange("picture column", 0, width, keys());
        int cells = height * width;
        float[] pictures = new float[Math.multiplyExact(layers() * heads(), cells)];
        workers.run(layers() * heads(), number -> {
            int layer = number / heads();
            int head = number % heads();
            HeadProducts products = new HeadProducts(layer, head);
            float[] greatest = new float[width];
            for (int i = 0; i < queries(); i++) {
                products.scoresOf(i);
                for (int x = 0; x < width; x++) { // the exponential grows with the score: one for each cell
                    float most = Float.NEGATIVE_INFINITY;
                    for (int j = cellStart(x, keys(), width); j < cellStart(x + 1, keys(), width); j++) {
                        most = Math.max(most, products.score(j));
                    }
                    greatest[x] = most;
                }
                exponentiate(layer, head, i, greatest, 0, width);
                int cell = number * cells + cellOf(i, queries(), height) * width;
                for (int x = 0; x < width; x++) {
                    pictures[cell + x] = Math.max(pictures[cell + x], greatest[x]);
                }
            }
        });
        return pictures;
    }

    /// All scores of one head, a block of queries at a time: where every pair is wanted, products of matrices
    /// are several times faster than as many dot products.
    private final class HeadProducts {
        private static final int BLOCK = 32;

        private final Layer kept;
        private final int head;
        private final int panelCount;
        private final float[] panels;
        private final float[] products;
        private final float[] scratch;
        private int query;

        HeadProducts(int layer, int head) {
            this.kept = layers.get(layer);
            this.head = head;
            int width = heads.width();
            int panelWidth = kernels.panelWidth();
            Tensor k = kept.key();
            panelCount = (keys() + panelWidth - 1) / panelWidth;
            panels = new float[Math.multiplyExact(panelCount * panelWidth, width)];
            MatrixView transposed = new MatrixView(k.values(), k.offset() + heads.keyColumn(head), 1, k.stride(0));
            kernels.pack(transposed, width, keys(), 0, panelCount, panels);
            products = new float[Math.multiplyExact(BLOCK, keys())];
            scratch = new float[kernels.multiplyScratch(BLOCK, width)];
        }

        /// Moves to a query; they come in their order.
        void scoresOf(int next) {
            query = next;
            if (next % BLOCK == 0) {
                Tensor q = kept.query();
                int start = q.offset() + next * q.stride(0) + heads.queryColumn(head);
                MatrixView block = new MatrixView(q.values(), start, q.stride(0), 1);
                int rows = Math.min(BLOCK, queries() - next);
                kernels.multiply(
                        block,
                        rows,
                        heads.width(),
                        panels,
                        keys(),
                        0,
                        panelCount,
                        null,
                        0,
                        false,
                        products,
                        0,
                        keys(),
                        scratch);
            }
        }

        float score(int key) {
            return kept.scoring().score(products[query % BLOCK * keys() + key], 0, head, query, key);
        }
    }

    /// The first of `count` positions that cell `cell` of `cells` shows.
    private static int cellStart(int cell, int count, int cells) {
        return (int) (((long) cell * count + cells - 1) / cells);
    }

    private static int cellOf(int position, int count, int cells) {
        return (int) ((long) position * cells / count);
    }

    /// What a head takes from everywhere: the sum of the values by their weights, for one query, `[Dh]`.
    public float[] context(int layer, int head, int query) {
        float[] weights = row(layer, head, query, Measure.WEIGHT);
        double[] sum = new double[heads.width()];
        for (int j = 0; j < weights.length; j++) {
            float[] value = value(layer, head, j);
            for (int c = 0; weights[j] != 0 && c < sum.length; c++) {
                sum[c] += (double) weights[j] * value[c];
            }
        }
        float[] context = new float[sum.length];
        for (int c = 0; c < sum.length; c++) {
            context[c] = (float) sum[c];
        }
        return context;
    }

    /// `[Dh]`, after any rotation.
    public float[] query(int layer, int head, int query) {
        requireHead(layer, head);
        return stretch(layers.get(layer).query(), query, heads.queryColumn(head));
    }

    /// `[Dh]`, after any rotation.
    public float[] key(int layer, int head, int key) {
        requireHead(layer, head);
        return stretch(layers.get(layer).key(), key, heads.keyColumn(head));
    }

    /// `[Dh]`
    public float[] value(int layer, int head, int key) {
        requireHead(layer, head);
        return stretch(layers.get(layer).value(), key, heads.keyColumn(head));
    }

    /// How the queries and keys of a layer met.
    public Scoring scoring(int layer) {
        requireHead(layer, 0);
        return layers.get(layer).scoring();
    }

    private float[] stretch(Tensor rows, int row, int column) {
        requireRange("token", row, row + 1, rows.size(0));
        return rows.rows(row, row + 1).columns(column, column + heads.width()).toArray();
    }

    private void fill(int layer, int head, int query, int from, int to, float[] out, int offset) {
        scores(layer, head, query, from, to, out, offset);
        if (from == 0
                && to == keys()) { // a whole row needs no log-sum-exp, whose rounding counts where scores are large
            kernels.softmax(out, offset, to);
        } else {
            exponentiate(layer, head, query, out, offset, to - from);
        }
    }

    private void scores(int layer, int head, int query, int from, int to, float[] out, int offset) {
        Layer kept = layers.get(layer);
        Scoring scoring = kept.scoring();
        Tensor q = kept.query();
        Tensor k = kept.key();
        int queryAt = q.offset() + query * q.stride(0) + heads.queryColumn(head);
        for (int j = from; j < to; j++) {
            int keyAt = k.offset() + j * k.stride(0) + heads.keyColumn(head);
            float product = kernels.dot(q.values(), queryAt, k.values(), keyAt, heads.width());
            out[offset + j - from] = scoring.score(product, 0, head, query, j);
        }
    }

    /// `x = exp(x - logSumExp)`; zeros where the query sees nothing.
    private void exponentiate(int layer, int head, int query, float[] x, int offset, int n) {
        float logSumExp = layers.get(layer).logSumExp().at(head, query);
        if (logSumExp == Float.NEGATIVE_INFINITY) {
            Arrays.fill(x, offset, offset + n, 0);
            return;
        }
        for (int i = offset; i < offset + n; i++) {
            x[i] -= logSumExp;
        }
        kernels.exp(x, offset, n);
    }

    private float[] valueLengths(int layer, int head) {
        Tensor v = layers.get(layer).value();
        float[] lengths = new float[keys()];
        for (int j = 0; j < lengths.length; j++) {
            int at = v.offset() + j * v.stride(0) + heads.keyColumn(head);
            lengths[j] = (float) Math.sqrt(kernels.dot(v.values(), at, v.values(), at, heads.width()));
        }
        return lengths;
    }

    private static void weighByLength(float[] row, float[] lengths) {
        double sum = 0;
        for (int j = 0; j < row.length; j++) {
            row[j] *= lengths[j];
            sum += row[j];
        }
        for (int j = 0; j < row.length && sum > 0; j++) {
            row[j] = (float) (row[j] / sum);
        }
    }

    /// @throws IllegalArgumentException when there is no such layer or head
    public void requireHead(int layer, int head) {
        if (layer < 0 || layer >= layers()) {
            throw new IllegalArgumentException(
                    "there is no layer " + layer + ", the " + name() + " has layers 0 to " + (layers() - 1));
        }
        if (head < 0 || head >= heads()) {
            throw new IllegalArgumentException(
                    "there is no head " + head + ", each layer of the " + name() + " has heads 0 to " + (heads() - 1));
        }
    }

    private String name() {
        return name(stack);
    }

    /// What a stack's attention is called in messages and pictures.
    public static String name(Site.Stack stack) {
        return switch (stack) {
            case ENCODER -> "encoder";
            case DECODER -> "decoder";
            case CROSS -> "cross-attention";
        };
    }

    private static void requireRange(String what, int from, int to, int count) {
        if (from < 0 || to > count || from >= to) {
            throw new IllegalArgumentException("there is no " + what + " "
                    + (to - from == 1 ? "" + from : from + " to " + (to - 1)) + ", there are " + count);
        }
    }
}
