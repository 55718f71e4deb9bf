package heed.cli.bench;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One piece of work that Heed and a peer do by turns.
///
/// @param name what `--rows` calls it
/// @param peer null where a goal is absolute
record Match(String name, Program ours, @Nullable Program peer, List<Row> rows) {
    /// How a figure counts.
    enum Kind {
        /// More is better; the ratio is ours ÷ theirs.
        RATE,
        /// Less is better; the ratio is theirs ÷ ours. In both cases 2 means twice as fast.
        TIME,
        /// More is better, and there is nobody to compare with: the figure is the ratio.
        SHARE,
        /// Seconds that a whole process takes, which the goal bounds from above.
        SECONDS
    }

    /// A line of the table.
    ///
    /// @param ours where the figure is in the lines of Heed
    /// @param theirs where it is in those of the peer; null without a peer
    record Row(
            String work,
            Kind kind,
            double goal,
            Figure ours,
            @Nullable Figure theirs) {
        boolean met(double ratio) {
            return kind == Kind.SECONDS ? ratio <= goal : ratio >= goal;
        }

        double ratio(double our, double their) {
            return switch (kind) {
                case RATE -> our / their;
                case TIME -> their / our;
                case SHARE, SECONDS -> our;
            };
        }
    }

    /// A number in JSON lines: the best under `key` of the lines that have all of `where`.
    record Figure(Map<String, String> where, String key, boolean leastIsBest) {
        static Figure most(String key, Map<String, String> where) {
            return new Figure(where, key, false);
        }

        static Figure least(String key, Map<String, String> where) {
            return new Figure(where, key, true);
        }

        OptionalDouble in(List<JsonNode> lines) {
            var found = lines.stream()
                    .filter(line -> line.has(key))
                    .filter(line -> where.entrySet().stream()
                            .allMatch(entry ->
                                    line.path(entry.getKey()).asString("").equalsIgnoreCase(entry.getValue())))
                    .mapToDouble(line -> line.get(key).asDouble());
            return leastIsBest ? found.min() : found.max();
        }
    }
}
