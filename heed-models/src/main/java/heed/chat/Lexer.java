package heed.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a template into text, and into the words of what stands between braces. White space is taken away where
/// Jinja with `trim_blocks` and `lstrip_blocks` takes it: the line break after a statement, the indentation
/// before one, and all of it beside a `-`.
final class Lexer {
    enum Kind {
        TEXT,
        PRINT,
        STATEMENT,
        END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR
    }

    /// @param line where it begins, from 1
    record Token(Kind kind, String text, int line) {
        boolean is(Kind other, String word) {
            return kind == other && text.equals(word);
        }
    }

    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern NUMBER = Pattern.compile("\\d[\\d_]*(\\.\\d+)?([eE][+-]?\\d+)?");
    private static final Pattern STRING =
            Pattern.compile("'((?:[^'\\\\]|\\\\.)*)'|\"((?:[^\"\\\\]|\\\\.)*)\"", Pattern.DOTALL);
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|[=!<>]=|[-+*/%~<>=.:|,()\\[\\]{}]");
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%}");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private boolean lineStarts = true;
    private int counted;
    private int line = 1;

    private Lexer(String template) {
        String unix = template.replace("\r\n", "\n").replace('\r', '\n');
        this.source = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
    }

    static List<Token> tokens(String template) {
        var lexer = new Lexer(template);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (position < source.length()) {
            int open = nextOpening();
            if (open < 0) {
                add(Kind.TEXT, source.substring(position), position);
                return;
            }
            char kind = source.charAt(open + 1);
            char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
            text(open, kind, sign);
            Matcher raw = RAW.matcher(source).region(open, source.length());
            if (kind == '#') {
                comment(open);
            } else if (raw.lookingAt()) {
                raw(raw);
            } else {
                position = open + 2 + (sign == '-' || (sign == '+' && kind == '%') ? 1 : 0);
                add(kind == '{' ? Kind.PRINT : Kind.STATEMENT, "", open);
                expression(kind == '{' ? "}}" : "%}");
            }
        }
    }

    private int nextOpening() {
        for (int i = source.indexOf('{', position); i >= 0; i = source.indexOf('{', i + 1)) {
            if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /// The text before an opening, less the white space that the opening takes away.
    private void text(int open, char kind, char sign) {
        String text = source.substring(position, open);
        if (sign == '-') {
            text = text.stripTrailing();
        } else if (kind != '{' && sign != '+') {
            int line = text.lastIndexOf('\n') + 1;
            if ((line > 0 || lineStarts) && text.substring(line).isBlank()) {
                text = text.substring(0, line);
            }
        }
        add(Kind.TEXT, text, position);
        lineStarts = false;
    }

    private void comment(int open) {
        int close = source.indexOf("#}", open + 2);
        if (close < 0) {
            throw refusal(open, "a comment does not end");
        }
        char sign = source.charAt(close - 1);
        position = close + 2;
        afterClosing(close - 1 > open + 1 ? sign : ' ', true);
    }

    private void raw(Matcher begin) {
        Matcher end = END_RAW.matcher(source);
        if (!end.find(begin.end())) {
            throw refusal(begin.start(), "raw text does not end");
        }
        String text = source.substring(begin.end(), end.start());
        text = begin.group(1).isEmpty() ? text : text.stripLeading();
        add(Kind.TEXT, end.group(1).equals("-") ? text.stripTrailing() : text, begin.end());
        position = end.end();
        afterClosing(end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0), true);
    }

    /// Takes away the white space after a closing.
    private void afterClosing(char sign, boolean trimsLine) {
        if (sign == '-') {
            int before = position;
            while (position < source.length() && Character.isWhitespace(source.charAt(position))) {
                position++;
            }
            lineStarts = position > before && source.charAt(position - 1) == '\n';
        } else if (trimsLine && sign != '+' && position < source.length() && source.charAt(position) == '\n') {
            position++;
            lineStarts = true;
        }
    }

    private void expression(String close) {
        int begin = position;
        int depth = 0;
        while (true) {
            skipSpace();
            if (position >= source.length()) {
                throw refusal(begin, "'" + (close.equals("}}") ? "{{" : "{%") + "' is not closed");
            }
            char c = source.charAt(position);
            boolean signed = c == '-' || (c == '+' && close.equals("%}"));
            if (depth == 0 && source.startsWith(close, position + (signed ? 1 : 0))) {
                add(Kind.END, close, position);
                position += signed ? 3 : 2;
                afterClosing(signed ? c : ' ', close.equals("%}"));
                return;
            }
            depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
            word();
        }
    }

    private void skipSpace() {
        Matcher space = SPACE.matcher(source).region(position, source.length());
        if (space.lookingAt()) {
            position = space.end();
        }
    }

    private void word() {
        int begin = position;
        Matcher string = STRING.matcher(source).region(begin, source.length());
        if (string.lookingAt()) {
            String body = string.group(1) != null ? string.group(1) : string.group(2);
            take(Kind.STRING, unescaped(body), string.end());
            return;
        }
        Matcher number = NUMBER.matcher(source).region(begin, source.length());
        if (number.lookingAt()) {
            boolean real = number.group(1) != null || number.group(2) != null;
            take(real ? Kind.FLOAT : Kind.INTEGER, number.group().replace("_", ""), number.end());
            return;
        }
        Matcher name = NAME.matcher(source).region(begin, source.length());
        if (name.lookingAt()) {
            take(Kind.NAME, name.group(), name.end());
            return;
        }
        Matcher operator = OPERATOR.matcher(source).region(begin, source.length());
        if (!operator.lookingAt()) {
            throw refusal(begin, "there is an unexpected '" + source.substring(begin, begin + 1) + "'");
        }
        take(Kind.OPERATOR, operator.group(), operator.end());
    }

    private void take(Kind kind, String text, int end) {
        add(kind, text, position);
        position = end;
    }

    private String unescaped(String body) {
        if (body.indexOf('\\') < 0) {
            return body;
        }
        var text = new StringBuilder();
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = body.charAt(++i);
            int digits = escaped == 'x' ? 2 : escaped == 'u' ? 4 : escaped == 'U' ? 8 : 0;
            if (digits > 0 && body.substring(i + 1).matches("(?s)[0-9a-fA-F]{" + digits + "}.*")) {
                int code = (int) Long.parseLong(body.substring(i + 1, i + 1 + digits), 16);
                text.appendCodePoint(Character.isValidCodePoint(code) ? code : 0xFFFD);
                i += digits;
            } else {
                text.append(
                        switch (escaped) {
                            case 'n' -> "\n";
                            case 't' -> "\t";
                            case 'r' -> "\r";
                            case 'b' -> "\b";
                            case 'f' -> "\f";
                            case '0' -> "\0";
                            case '\n' -> "";
                            case '\\', '\'', '"' -> String.valueOf(escaped);
                            default -> "\\" + escaped;
                        });
            }
        }
        return text.toString();
    }

    private void add(Kind kind, String text, int at) {
        if (kind != Kind.TEXT || !text.isEmpty()) {
            tokens.add(new Token(kind, text, line(at)));
        }
    }

    /// Counted on from the last one that was asked for.
    private int line(int at) {
        if (at < counted) {
            counted = 0;
            line = 1;
        }
        for (; counted < at; counted++) {
            line += source.charAt(counted) == '\n' ? 1 : 0;
        }
        return line;
    }

    private ChatException refusal(int at, String reason) {
        return new ChatException("the chat template is broken in line " + line(at) + ": " + reason);
    }
}
