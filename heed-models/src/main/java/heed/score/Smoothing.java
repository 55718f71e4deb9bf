package heed.score;

import java.util.Locale;

/// What BLEU takes for the precision of an order of which nothing matched (Chen & Cherry 2014, §3).
public sealed interface Smoothing {
    /// Halves with every such order: `1/2, 1/4, …` matches (method 3, NIST's).
    record Exponential() implements Smoothing {}

    /// So many matches (method 1).
    record Floor(double matches) implements Smoothing {}

    /// So many more matches and n-grams in every order but the first (method 2).
    record AddK(double k) implements Smoothing {}

    /// Nothing: the whole score is 0.
    record None() implements Smoothing {}

    /// What signatures call it.
    default String signature() {
        return switch (this) {
            case Exponential _ -> "exp";
            case Floor floor -> String.format(Locale.ROOT, "floor[%.2f]", floor.matches);
            case AddK add -> String.format(Locale.ROOT, "add-k[%.2f]", add.k);
            case None _ -> "none";
        };
    }

    /// @param name `exp`, `floor`, `add-k` or `none`
    /// @param value of `floor` and `add-k`; NaN for the usual 0.1 and 1
    /// @throws ScoreException when there is none of this name, or the value is no positive number
    static Smoothing named(String name, double value) {
        if (value <= 0 || Double.isInfinite(value)) {
            throw new ScoreException("smoothing needs a number above 0, got " + value);
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "exp" -> new Exponential();
            case "floor" -> new Floor(Double.isNaN(value) ? 0.1 : value);
            case "add-k" -> new AddK(Double.isNaN(value) ? 1 : value);
            case "none" -> new None();
            default ->
                throw new ScoreException("there is no smoothing '" + name + "': it is exp, floor, add-k or none");
        };
    }
}
