package heed.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/// Python's values, on which Jinja computes: `None` is [None], whole numbers are Long, others Double, texts
/// String (counted in characters, not UTF-16 units), dictionaries Map, lists List.
final class Python {
    /// Texts and lists do not grow beyond this, whatever a template multiplies.
    static final int LARGEST = 1 << 24;

    /// No value, which is a value too.
    enum None {
        NONE
    }

    /// A variable or attribute that is not there: empty where it is printed, an error where it is used.
    record Undefined(String reason) {}

    /// A list that counts as fixed and is printed in parentheses.
    record Tuple(List<Object> items) {}

    /// Variables that a loop may change: `namespace(…)`.
    record Namespace(Map<String, Object> values) {}

    /// What a template can call.
    @FunctionalInterface
    interface Function {
        Object call(List<Object> positional, Map<String, Object> named);
    }

    private Python() {}

    static ChatException error(String reason) {
        return new ChatException("the chat template cannot be used for this conversation: " + reason);
    }

    static boolean truth(Object value) {
        return switch (value) {
            case None _ -> false;
            case Boolean flag -> flag;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Tuple tuple -> !tuple.items().isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case Undefined _ -> false;
            default -> true;
        };
    }

    /// Refuses what is not there.
    static Object required(Object value) {
        if (value instanceof Undefined(String reason)) {
            throw error(reason);
        }
        return value;
    }

    /// What is printed: `str(value)`.
    static String text(Object value) {
        return switch (value) {
            case String text -> text;
            case Undefined _ -> "";
            default -> shown(value);
        };
    }

    /// `repr(value)`, as it is inside of a list.
    static String shown(Object value) {
        return switch (value) {
            case None _ -> "None";
            case Boolean flag -> flag ? "True" : "False";
            case Double number -> realText(number);
            case String text -> quoted(text);
            case List<?> list -> joined(list, "[", "]");
            case Tuple tuple ->
                tuple.items().size() == 1
                        ? "(" + shown(tuple.items().getFirst()) + ",)"
                        : joined(tuple.items(), "(", ")");
            case Map<?, ?> map -> {
                var joiner = new StringJoiner(", ", "{", "}");
                map.forEach((key, item) -> joiner.add(shown(key) + ": " + shown(item)));
                yield joiner.toString();
            }
            case Undefined _ -> "Undefined";
            case Long number -> number.toString();
            default -> "<" + typeName(value) + ">";
        };
    }

    private static String joined(List<?> items, String open, String close) {
        var joiner = new StringJoiner(", ", open, close);
        items.forEach(item -> joiner.add(shown(item)));
        return joiner.toString();
    }

    static String realText(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == Math.rint(number) && Math.abs(number) < 1e16) {
            return String.valueOf((long) number) + ".0";
        }
        String text = Double.toString(number);
        if (text.contains("E") && Math.abs(number) >= 1e-4 && Math.abs(number) < 1e16) {
            return new java.math.BigDecimal(text).toPlainString();
        }
        return text.replace(".0E", "E")
                .replaceFirst("E(\\d)", "e+$1")
                .replaceFirst("E-(\\d)$", "e-0$1")
                .replace("E", "e");
    }

    private static String quoted(String text) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        var quoted = new StringBuilder().append(quote);
        text.chars().forEach(unit -> {
            char c = (char) unit;
            switch (c) {
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\\' -> quoted.append("\\\\");
                default -> {
                    if (c == quote) {
                        quoted.append('\\').append(c);
                    } else if (c < ' ' || c == 0x7f) {
                        quoted.append("\\x%02x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        });
        return quoted.append(quote).toString();
    }

    static String typeName(Object value) {
        return switch (value) {
            case None _ -> "NoneType";
            case Boolean _ -> "bool";
            case Long _ -> "int";
            case Double _ -> "float";
            case String _ -> "str";
            case List<?> _ -> "list";
            case Tuple _ -> "tuple";
            case Map<?, ?> _ -> "dict";
            case Namespace _ -> "Namespace";
            case Undefined _ -> "Undefined";
            default -> "function";
        };
    }

    static boolean equal(Object a, Object b) {
        if (number(a) && number(b)) {
            return (a instanceof Double || b instanceof Double) ? real(a) == real(b) : whole(a) == whole(b);
        }
        if (a instanceof Undefined && b instanceof Undefined) {
            return true;
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            return equalItems(left, right);
        }
        if (a instanceof Tuple(List<?> left) && b instanceof Tuple(List<?> right)) {
            return equalItems(left, right);
        }
        return Objects.equals(a, b);
    }

    private static boolean equalItems(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!equal(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    static int compare(Object a, Object b) {
        required(a);
        required(b);
        if (number(a) && number(b)) {
            return a instanceof Double || b instanceof Double
                    ? Double.compare(real(a), real(b))
                    : Long.compare(whole(a), whole(b));
        }
        if (a instanceof String left && b instanceof String right) {
            return left.compareTo(right);
        }
        throw error("'" + typeName(a) + "' and '" + typeName(b) + "' have no order");
    }

    static boolean contains(Object container, Object item) {
        return switch (required(container)) {
            case String text when item instanceof String part -> text.contains(part);
            case Map<?, ?> map -> map.containsKey(item);
            case List<?> list -> list.stream().anyMatch(other -> equal(other, item));
            case Tuple tuple -> tuple.items().stream().anyMatch(other -> equal(other, item));
            default -> throw error("'" + typeName(item) + "' is looked for in '" + typeName(container) + "'");
        };
    }

    static boolean number(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static long whole(Object value) {
        return switch (required(value)) {
            case Long number -> number;
            case Boolean flag -> flag ? 1 : 0;
            default -> throw error("a whole number was expected, '" + typeName(value) + "' came");
        };
    }

    static double real(Object value) {
        return value instanceof Double number ? number : whole(value);
    }

    static Object binary(String operator, Object a, Object b) {
        required(a);
        required(b);
        try {
            if (number(a) && number(b)) {
                return a instanceof Double || b instanceof Double || operator.equals("/")
                        ? reals(operator, real(a), real(b))
                        : wholes(operator, whole(a), whole(b));
            }
        } catch (ArithmeticException e) {
            throw error("a number is too large, or divided by zero");
        }
        return switch (operator) {
            case "+" -> sum(a, b);
            case "*" -> {
                if (b instanceof Long count) {
                    yield repeated(a, count);
                }
                if (a instanceof Long count) {
                    yield repeated(b, count);
                }
                throw unsupported(operator, a, b);
            }
            case "%" -> {
                if (a instanceof String format) {
                    yield Methods.format(format, b);
                }
                throw unsupported(operator, a, b);
            }
            default -> throw unsupported(operator, a, b);
        };
    }

    private static ChatException unsupported(String operator, Object a, Object b) {
        return error("'" + typeName(a) + "' " + operator + " '" + typeName(b) + "' means nothing");
    }

    private static Object sum(Object a, Object b) {
        if (a instanceof String left && b instanceof String right) {
            return limited(left.length() + (long) right.length()) ? left + right : "";
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            limited(left.size() + (long) right.size());
            List<Object> all = new ArrayList<>(left);
            all.addAll(right);
            return all;
        }
        throw unsupported("+", a, b);
    }

    private static Object repeated(Object value, long count) {
        int times = (int) Math.clamp(count, 0, LARGEST + 1L);
        if (value instanceof String text) {
            limited(text.length() * (long) times);
            return text.repeat(times);
        }
        if (value instanceof List<?> list) {
            limited(list.size() * (long) times);
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                all.addAll(list);
            }
            return all;
        }
        throw unsupported("*", value, count);
    }

    /// Refuses what is too large to be meant.
    static boolean limited(long size) {
        if (size > LARGEST) {
            throw error("it makes more than " + LARGEST + " characters or values");
        }
        return true;
    }

    private static Object wholes(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "//" -> Math.floorDiv(a, b);
            case "%" -> Math.floorMod(a, b);
            case "**" -> {
                double power = Math.pow((double) a, (double) b);
                if (b < 0) {
                    yield power;
                }
                if (Math.abs(power) > 1L << 53) {
                    throw new ArithmeticException("too large");
                }
                yield (long) power;
            }
            default -> throw new IllegalStateException(operator);
        };
    }

    private static Object reals(String operator, double a, double b) {
        if (b == 0 && List.of("/", "//", "%").contains(operator)) {
            throw new ArithmeticException("division by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> a - b * Math.floor(a / b);
            case "**" -> Math.pow(a, b);
            default -> throw new IllegalStateException(operator);
        };
    }

    /// What a loop goes through.
    static List<Object> items(Object value) {
        return switch (value) {
            case List<?> list -> new ArrayList<Object>(list);
            case Tuple tuple -> tuple.items();
            case Map<?, ?> map -> new ArrayList<Object>(map.keySet());
            case String text ->
                new ArrayList<Object>(
                        text.codePoints().mapToObj(Character::toString).toList());
            case Undefined _ -> List.of();
            default -> throw error("'" + typeName(value) + "' holds no values to go through");
        };
    }

    static int length(Object value) {
        return switch (required(value)) {
            case String text -> text.codePointCount(0, text.length());
            case List<?> list -> list.size();
            case Tuple tuple -> tuple.items().size();
            case Map<?, ?> map -> map.size();
            default -> throw error("'" + typeName(value) + "' has no length");
        };
    }

    /// `value[index]`; undefined when there is none.
    static Object item(Object value, Object index) {
        required(value);
        if (value instanceof Map<?, ?> map) {
            Object item = map.get(index);
            return item != null ? item : new Undefined("there is no " + shown(index));
        }
        if (index instanceof Long number
                && (value instanceof List<?> || value instanceof Tuple || value instanceof String)) {
            List<Object> items = items(value);
            long at = number < 0 ? number + items.size() : number;
            return at >= 0 && at < items.size() ? items.get((int) at) : new Undefined("there is no item " + number);
        }
        return new Undefined("'" + typeName(value) + "' has no item " + shown(index));
    }

    static Object slice(Object value, Object start, Object stop, Object step) {
        required(value);
        List<Object> items = items(value);
        int size = items.size();
        long stride = step instanceof None ? 1 : whole(step);
        if (stride == 0) {
            throw error("a slice has a step of 0");
        }
        long from = bound(start, stride > 0 ? 0 : size - 1, size, stride);
        long to = bound(stop, stride > 0 ? size : -1, size, stride);
        List<Object> kept = new ArrayList<>();
        for (long i = from; stride > 0 ? i < to : i > to; i += stride) {
            kept.add(items.get((int) i));
        }
        return switch (value) {
            case String _ -> String.join("", kept.stream().map(Python::text).toList());
            case Tuple _ -> new Tuple(kept);
            default -> kept;
        };
    }

    private static long bound(Object given, long otherwise, int size, long stride) {
        if (given instanceof None) {
            return otherwise;
        }
        long index = whole(given);
        index = index < 0 ? Math.max(index, -size - 1L) + size : index;
        return stride > 0 ? Math.clamp(index, 0, size) : Math.clamp(index, -1, size - 1);
    }

    /// `json.dumps(value, ensure_ascii=False)`.
    static String json(Object value, int indent, int depth) {
        String line = indent < 0 ? "" : "\n" + " ".repeat(indent * (depth + 1));
        String last = indent < 0 ? "" : "\n" + " ".repeat(indent * depth);
        String comma = indent < 0 ? ", " : ",";
        return switch (value) {
            case None _ -> "null";
            case Boolean flag -> flag.toString();
            case String text -> jsonText(text);
            case Long number -> number.toString();
            case Double number -> realText(number);
            case Tuple tuple -> json(tuple.items(), indent, depth);
            case List<?> list when list.isEmpty() -> "[]";
            case List<?> list -> {
                var joiner = new StringJoiner(comma + line, "[" + line, last + "]");
                list.forEach(item -> joiner.add(json(item, indent, depth + 1)));
                yield joiner.toString();
            }
            case Map<?, ?> map when map.isEmpty() -> "{}";
            case Map<?, ?> map -> {
                var joiner = new StringJoiner(comma + line, "{" + line, last + "}");
                map.forEach((key, item) -> joiner.add(jsonText(text(key)) + ": " + json(item, indent, depth + 1)));
                yield joiner.toString();
            }
            default -> throw error("'" + typeName(value) + "' cannot be written as JSON");
        };
    }

    private static String jsonText(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                default -> quoted.append(c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        return quoted.append('"').toString();
    }
}
