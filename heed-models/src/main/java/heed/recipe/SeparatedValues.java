package heed.recipe;

import java.util.ArrayList;
import java.util.List;

/// Tables as text: values between separators, those in quotation marks with whatever signs and line breaks, two
/// quotation marks for one (RFC 4180). Without quotation marks where tabs separate, as is usual there.
final class SeparatedValues {
    /// @param number of the line in the file that it begins at, from 1
    record Line(int number, List<String> values) {}

    private final String name;
    private final String text;
    private final char separator;
    private int at;
    private int lineNumber = 1;

    private SeparatedValues(String name, String text, char separator) {
        this.name = name;
        this.text = text;
        this.separator = separator;
    }

    /// @throws RecipeException when quotation marks do not close
    static List<Line> parse(String name, String text, char separator) {
        String clean = text.startsWith("\uFEFF") ? text.substring(1) : text;
        SeparatedValues parser = new SeparatedValues(name, clean, separator);
        List<Line> lines = new ArrayList<>();
        while (parser.at < clean.length()) {
            Line line = parser.line();
            if (line.values().size() > 1 || !line.values().getFirst().isBlank()) {
                lines.add(line);
            }
        }
        return lines;
    }

    private Line line() {
        int first = lineNumber;
        List<String> values = new ArrayList<>();
        values.add(value());
        while (at < text.length() && text.charAt(at) == separator) {
            at++;
            values.add(value());
        }
        if (at < text.length() && text.charAt(at) == '\r') {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '\n') {
            at++;
        }
        lineNumber++;
        return new Line(first, values);
    }

    private String value() {
        if (separator == ',' && at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int start = at;
        while (at < text.length() && text.charAt(at) != separator && !endsLine(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean endsLine(char c) {
        return c == '\n' || c == '\r';
    }

    private String quoted() {
        int first = lineNumber;
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\n') {
                lineNumber++;
            }
            if (c != '"') {
                value.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                value.append(text.charAt(at++));
            } else if (at == text.length() || text.charAt(at) == separator || endsLine(text.charAt(at))) {
                return value.toString();
            } else {
                throw new RecipeException(
                        name + ", line " + lineNumber + ": after a value in quotation marks must come '" + separator
                                + "' or the end of the line, not '" + text.charAt(at) + "'");
            }
        }
        throw new RecipeException(name + ", line " + first + ": a quotation mark is never closed");
    }
}
