package heed.tensor;

/// A number for each pair of a query and a key of the same sequence: sequence after sequence, in each `[Tq,
/// Tk]` row by row.
///
/// @param queries the sequences of the queries
/// @param keys the sequences of what they look at, which may be [Sequences#placed]
public record Pairs(Sequences queries, Sequences keys) {
    public Pairs {
        if (queries.count() != keys.count()) {
            throw new IllegalArgumentException("query has " + queries.count() + " sequences, key has " + keys.count());
        }
    }

    /// P, all pairs.
    public int count() {
        return start(queries.count());
    }

    /// The place of a sequence's first pair.
    public int start(int sequence) {
        int start = 0;
        for (int b = 0; b < sequence; b++) {
            start = Math.addExact(start, queries.length(b) * keys.length(b));
        }
        return start;
    }

    /// The rows of queries and keys as an operation must have them.
    void check(Tensor query, Tensor key) {
        if (query.size(0) != queries.tokens() || key.size(0) != keys.rows()) {
            throw new IllegalArgumentException("query has shape " + query.shape() + " and key " + key.shape()
                    + ", expected " + queries.tokens() + " and " + keys.rows() + " rows");
        }
    }
}
