package heed.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Results in rows and columns.
///
/// @param rows texts, numbers and truth values
public record Table(String name, List<String> columns, List<List<Object>> rows) {
    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Object> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("a row of the table '" + name + "' has " + row.size()
                        + " values, there are " + columns.size() + " columns");
            }
        }
    }

    static Builder of(String name, String... columns) {
        return new Builder(name, List.of(columns));
    }

    /// A table that grows row by row.
    static final class Builder {
        private final String name;
        private final List<String> columns;
        private final List<List<Object>> rows = new ArrayList<>();

        private Builder(String name, List<String> columns) {
            this.name = name;
            this.columns = columns;
        }

        Builder row(Object... values) {
            rows.add(List.of(values));
            return this;
        }

        Table table() {
            return new Table(name, columns, rows);
        }
    }

    /// As comma-separated values (RFC 4180).
    public String csv() {
        return line(columns) + rows.stream().map(Table::line).collect(Collectors.joining());
    }

    private static String line(List<?> values) {
        return values.stream().map(value -> quoted(value.toString())).collect(Collectors.joining(",")) + "\n";
    }

    private static String quoted(String value) {
        return value.matches("(?s).*[,\"\n].*") ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }

    /// A value as people read it: four digits that count.
    public static String shown(Object value) {
        if (!(value instanceof Double number)) {
            return value.toString();
        }
        if (number == 0) {
            return "0";
        }
        if (Math.abs(number) < 1e-3) {
            return String.format(Locale.ROOT, "%.1e", number);
        }
        int digits = Math.max(0, 3 - (int) Math.floor(Math.log10(Math.abs(number))));
        return String.format(Locale.ROOT, "%,." + digits + "f", number);
    }
}
