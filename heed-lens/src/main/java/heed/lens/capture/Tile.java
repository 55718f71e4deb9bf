package heed.lens.capture;

/// A square of one head's weights, as a map in a browser is made of: at level 0 a cell is a pair of tokens, at
/// level `k` a square of `2^k` by `2^k` pairs, of which it shows the greatest weight.
///
/// @param rows of cells, at most [#SIZE]
/// @param columns of cells, at most [#SIZE]
/// @param values `[rows, columns]`
public record Tile(int rows, int columns, float[] values) {
    /// Cells on each side.
    public static final int SIZE = 256;

    private static final int MOST_LEVELS = 16;

    /// @param y the tile's row of tiles, from 0
    /// @param x its column of tiles, from 0
    /// @throws IllegalArgumentException when there is no such tile
    public static Tile of(AttentionStream stream, int layer, int head, Measure measure, int level, int y, int x) {
        if (level < 0 || level > MOST_LEVELS) {
            throw new IllegalArgumentException("there is no level " + level + ", levels are 0 to " + MOST_LEVELS);
        }
        int span = SIZE << level;
        int fromQuery = start("row", y, span, stream.queries());
        int fromKey = start("column", x, span, stream.keys());
        int toQuery = Math.min(stream.queries(), fromQuery + span);
        int toKey = Math.min(stream.keys(), fromKey + span);
        if (level == 0) {
            return new Tile(
                    toQuery - fromQuery,
                    toKey - fromKey,
                    stream.weights(layer, head, fromQuery, toQuery, fromKey, toKey, measure));
        }
        int rows = (toQuery - fromQuery + (1 << level) - 1) >> level;
        int columns = (toKey - fromKey + (1 << level) - 1) >> level;
        float[] cells = new float[rows * columns];
        for (int i = fromQuery; i < toQuery; i++) {
            float[] row = stream.weights(layer, head, i, i + 1, fromKey, toKey, measure);
            int cell = ((i - fromQuery) >> level) * columns;
            for (int j = 0; j < row.length; j++) {
                cells[cell + (j >> level)] = Math.max(cells[cell + (j >> level)], row[j]);
            }
        }
        return new Tile(rows, columns, cells);
    }

    private static int start(String what, int tile, int span, int count) {
        long start = (long) tile * span;
        if (tile < 0 || start >= count) {
            throw new IllegalArgumentException("there is no tile in " + what + " " + tile + ", " + count
                    + " tokens have " + what + "s 0 to " + (count - 1) / span);
        }
        return (int) start;
    }
}
