package heed.onednn;

import heed.kernel.Activation;
import heed.kernel.PreparedWeight;
import heed.kernel.Product;
import heed.kernel.ProductWatch;
import heed.kernel.WorkSplit;
import heed.kernel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.function.IntConsumer;

/// A weight in the format of oneDNN, cut into chunks of columns. A product first converts its rows into the
/// type of the product, each row once, then multiplies blocks of rows by chunks.
///
/// Kernels exist for some counts of rows; the last block of rows is filled up with whatever lies there, which
/// touches no row that matters.
abstract sealed class NativeWeight implements PreparedWeight permits Int8Weight, FloatWeight {
    /// Columns of a chunk at most: its sums for a block of rows fit the second level cache beside it.
    private static final int CHUNK = 512;

    private static final int COLUMNS_TOGETHER = 64;

    /// Tasks of one product for each thread, so that one that is held up leaves its share to others.
    private static final int TASKS_PER_THREAD = 3;

    /// Fewer rows use the processor badly: it waits for the weights.
    private static final int LEAST_ROWS = 8;

    private static final int ALIGNMENT = 64;

    private final OneDnnEngine engine;
    private final int out;
    private final int in;
    private final Matmul.Types types;
    private final int chunkColumns;
    private final Chunk[] chunks;
    private final RowCounts rowCounts;

    /// @param memory the memory object
    private record Chunk(int column, int columns, MemorySegment memory, long bytes) {}

    /// @param plain the weights `[out, in]` in row-major order, in the type of the product
    NativeWeight(OneDnnEngine engine, MemorySegment plain, int out, int in, Matmul.Types types) {
        this.engine = engine;
        this.out = out;
        this.in = in;
        this.types = types;
        int count = (out + CHUNK - 1) / CHUNK;
        int columns = (out + count - 1) / count;
        this.chunkColumns = (columns + COLUMNS_TOGETHER - 1) / COLUMNS_TOGETHER * COLUMNS_TOGETHER;
        this.chunks = new Chunk[(out + chunkColumns - 1) / chunkColumns];
        Arena arena = Arena.ofAuto();
        RowCounts common = RowCounts.all();
        try {
            for (int i = 0; i < chunks.length; i++) {
                Chunk chunk = pack(arena, i * chunkColumns, plain);
                chunks[i] = chunk;
                common = common.and(engine.rowCounts(key(Matmul.TYPICAL_ROWS, chunk.columns()), chunk.memory()));
            }
        } finally {
            Reference.reachabilityFence(plain); // it is freed with it
        }
        this.rowCounts = common;
    }

    private Chunk pack(Arena arena, int column, MemorySegment plain) {
        int columns = Math.min(chunkColumns, out - column);
        MemorySegment format = engine.product(key(Matmul.TYPICAL_ROWS, columns)).weights();
        long bytes = Dnnl.size(format);
        MemorySegment packed = Dnnl.memory(arena, format, arena.allocate(bytes, ALIGNMENT));
        try (Arena local = Arena.ofConfined()) {
            MemorySegment part = plain.asSlice((long) column * in * types.bytes);
            MemorySegment described = described(local, columns);
            reorder(local, described, Dnnl.memory(local, described, part), format, packed);
        }
        return new Chunk(column, columns, packed, bytes);
    }

    /// `Wᵀ` `[in, columns]` as checkpoints store it, one row for each output.
    private MemorySegment described(Arena arena, int columns) {
        return Dnnl.matrix(arena, in, columns, types.weights, Dnnl.COLUMN_MAJOR);
    }

    private static void reorder(
            Arena arena, MemorySegment fromFormat, MemorySegment from, MemorySegment toFormat, MemorySegment to) {
        MemorySegment plan = Dnnl.reorder(arena, fromFormat, toFormat);
        MemorySegment scratchpad = Dnnl.descriptor(plan, Dnnl.SCRATCHPAD_DESCRIPTOR);
        MemorySegment room = arena.allocate(Math.max(1, Dnnl.size(scratchpad)), ALIGNMENT);
        MemorySegment arguments = Dnnl.arguments(arena, 3);
        Dnnl.argument(arguments, 0, Dnnl.SRC, from);
        Dnnl.argument(arguments, 1, Dnnl.DST, to);
        Dnnl.argument(arguments, 2, Dnnl.SCRATCHPAD, Dnnl.memory(arena, scratchpad, room));
        Dnnl.execute(Dnnl.primitive(arena, plan), Dnnl.stream(arena), 3, arguments);
    }

    private Matmul.Key key(int rows, int columns) {
        return new Matmul.Key(rows, in, columns, types);
    }

    OneDnnEngine engine() {
        return engine;
    }

    @Override
    public int out() {
        return out;
    }

    @Override
    public int in() {
        return in;
    }

    @Override
    public long bytes() {
        long sum = 0;
        for (Chunk chunk : chunks) {
            sum += chunk.bytes();
        }
        return sum;
    }

    /// The weights `[out, in]` in row-major order, in the type of the product.
    MemorySegment plain() {
        MemorySegment plain = Arena.ofAuto().allocate((long) out * in * types.bytes, ALIGNMENT);
        try {
            for (Chunk chunk : chunks) {
                try (Arena local = Arena.ofConfined()) {
                    MemorySegment part = plain.asSlice((long) chunk.column() * in * types.bytes);
                    MemorySegment described = described(local, chunk.columns());
                    MemorySegment format = engine.product(key(Matmul.TYPICAL_ROWS, chunk.columns()))
                            .weights();
                    reorder(local, format, chunk.memory(), described, Dnnl.memory(local, described, part));
                }
            }
        } finally {
            Reference.reachabilityFence(this); // its memory is freed with it
        }
        return plain;
    }

    /// The input of a product in the type of the product.
    ///
    /// @param scales what [heed.kernel.Quantization#quantize] gave each row
    /// @param zeros likewise
    record Input(MemorySegment rows, float[] scales, int[] zeros) {}

    /// Converts rows `from` (inclusive) to `to` (exclusive) of a product's input.
    abstract void convert(Product product, int from, int to, Input input);

    /// Writes what the sums of one row of a chunk stand for, with the bias.
    abstract void store(
            Product product, int row, Input input, MemorySegment sums, long offset, int column, int columns);

    @Override
    public void multiply(Product product, WorkerPool workers) {
        int rows = product.rows();
        if (rows == 0) {
            return;
        }
        boolean small = (long) rows * in * out < WorkSplit.SMALL_WORK;
        int block = block(rows, small ? 1 : workers.threads());
        int blocks = (rows + block - 1) / block;
        MemorySegment buffer = engine.lanes().borrowBuffer((long) blocks * block * in * types.bytes);
        Input input = new Input(buffer, new float[rows], new int[rows]);
        try {
            run(workers, small, blocks, task -> {
                convert(product, task * block, Math.min(rows, (task + 1) * block), input);
            });
            int shares = small ? 1 : Math.min(workers.threads(), blocks);
            run(workers, small, blocks * chunks.length, task -> {
                // The first tasks belong to the first rows, as in the loops before and after, so that a thread
                // meets its own rows again. Within its share, all blocks pass a chunk before the next, so that the
                // chunk is fetched once into the nearer caches.
                int share = share(task, blocks, shares);
                int first = first(share, blocks, shares);
                int count = first(share + 1, blocks, shares) - first;
                int inShare = task - first * chunks.length;
                Lane lane = engine.lanes().borrow();
                int row = (first + inShare % count) * block;
                multiply(product, input, row, block, chunks[inShare / count], lane);
                engine.lanes().giveBack(lane);
            });
        } finally {
            engine.lanes().giveBackBuffer(buffer);
            Reference.reachabilityFence(this); // its memory is freed with it
        }
    }

    /// The first block of a share.
    private static int first(int share, int blocks, int shares) {
        return (int) ((long) share * blocks / shares);
    }

    private int share(int task, int blocks, int shares) {
        int share = 0;
        while (task >= first(share + 1, blocks, shares) * chunks.length) {
            share++;
        }
        return share;
    }

    private static void run(WorkerPool workers, boolean alone, int tasks, IntConsumer task) {
        if (alone) {
            for (int i = 0; i < tasks; i++) {
                task.accept(i);
            }
        } else {
            workers.run(tasks, task);
        }
    }

    /// Rows of a block: many, but few enough that every thread gets some tasks.
    private int block(int rows, int threads) {
        int share = threads == 1 ? rows : rows * chunks.length / (threads * TASKS_PER_THREAD);
        return rowCounts.atLeast(Math.clamp(Math.max(share, LEAST_ROWS), 1, Math.min(rows, Matmul.TYPICAL_ROWS)));
    }

    private void multiply(Product product, Input input, int row, int block, Chunk chunk, Lane lane) {
        int rows = Math.min(block, product.rows() - row);
        Matmul matmul = engine.product(key(rowCounts.atLeast(rows), chunk.columns()));
        ProductWatch watch = engine.kernels().productWatch();
        long begun = watch.begin();
        MemorySegment sums = lane.multiply(matmul, input.rows().asSlice((long) row * in * types.bytes), chunk.memory());
        watch.end(begun, in, out);
        for (int r = 0; r < rows; r++) {
            long offset = (long) r * chunk.columns() * Integer.BYTES; // sums have 32 bits in all types
            store(product, row + r, input, sums, offset, chunk.column(), chunk.columns());
            if (product.activation() != Activation.IDENTITY) {
                int at = product.yOffset() + (row + r) * product.yStride() + chunk.column();
                engine.kernels().activate(product.activation(), product.y(), at, chunk.columns());
            }
        }
    }
}
