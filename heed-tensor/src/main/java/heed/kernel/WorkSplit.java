package heed.kernel;

/// What all products know about cutting work into tasks. The loops that cut stay with each of them: when one
/// was shared, by a function given to it, the compiler no longer kept the vectors of the tiles in registers in
/// every second process, and a pass of 16 tokens allocated 28 MB.
public final class WorkSplit {
    /// Multiply-adds below which the hand-over to another thread costs more than it saves.
    public static final long SMALL_WORK = 40_000;

    /// Rows that the kernels compute together; other counts of rows are slower per row.
    private static final int TILE_ROWS = 6;

    private WorkSplit() {}

    /// The first row of part `i` of `parts` about equal parts of `rows` rows, cut between tiles.
    public static int tileRow(int i, int parts, int rows) {
        long tiles = (rows + TILE_ROWS - 1L) / TILE_ROWS;
        return (int) Math.min(rows, i * tiles / parts * TILE_ROWS);
    }

    /// The next count of rows that is whole tiles.
    public static int roundUpToTile(int rows) {
        return (rows + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
    }
}
