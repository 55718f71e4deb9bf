package heed.attention;

/// How the columns of queries, keys and values divide into heads.
///
/// @param count H, the heads of the queries
/// @param keyValueCount heads of keys and values: H, or fewer when groups of query heads share one (Ainslie et
/// al. 2023)
/// @param width Dh, the columns of one head
public record Heads(int count, int keyValueCount, int width) {
    public Heads {
        if (count < 1 || keyValueCount < 1 || width < 1 || count % keyValueCount != 0) {
            throw new IllegalArgumentException(count + " query heads cannot share " + keyValueCount
                    + " key heads of width " + width + ": all must be positive and the first divisible by the second");
        }
    }

    /// H heads of width `D / H`.
    public static Heads of(int count, int dModel) {
        if (count < 1 || dModel % count != 0) {
            throw new IllegalArgumentException(
                    "a model width of " + dModel + " does not divide into " + count + " heads");
        }
        return new Heads(count, count, dModel / count);
    }

    /// The first column of a query head.
    public int queryColumn(int head) {
        return head * width;
    }

    /// The first column of the key and value head that a query head looks at.
    public int keyColumn(int head) {
        return head / (count / keyValueCount) * width;
    }
}
