package heed.chat;

import heed.chat.Python.Namespace;
import heed.chat.Python.None;
import heed.chat.Python.Tuple;
import heed.chat.Python.Undefined;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/// Jinja's filters and tests, those that chat templates use.
final class Filters {
    private Filters() {}

    /// `value | name(arguments)`.
    static Object apply(String name, Object value, List<Object> arguments, Map<String, Object> named) {
        return switch (name) {
            case "default", "d" -> {
                boolean alsoFalse = arguments.size() > 1
                        ? Python.truth(arguments.get(1))
                        : Python.truth(named.getOrDefault("boolean", false));
                Object otherwise = arguments.isEmpty() ? named.getOrDefault("default_value", "") : arguments.getFirst();
                yield value instanceof Undefined || (alsoFalse && !Python.truth(value)) ? otherwise : value;
            }
            case "trim" -> Methods.strip(Python.text(value), arguments, true, true);
            case "upper" -> Python.text(value).toUpperCase(Locale.ROOT);
            case "lower" -> Python.text(value).toLowerCase(Locale.ROOT);
            case "capitalize" -> Methods.capitalize(Python.text(value));
            case "title" -> Methods.title(Python.text(value));
            case "string", "safe" -> Python.text(value);
            case "escape", "e" -> escape(Python.text(value));
            case "replace" ->
                Methods.replace(
                        Python.text(value),
                        Python.text(at(arguments, 0, name)),
                        Python.text(at(arguments, 1, name)),
                        -1);
            case "indent" -> indent(Python.text(value), arguments, named);
            case "length", "count" -> (long) Python.length(value instanceof Undefined ? "" : value);
            case "first" -> edge(value, true);
            case "last" -> edge(value, false);
            case "list" -> Python.items(value);
            case "reverse" ->
                value instanceof String text
                        ? new StringBuilder(text).reverse().toString()
                        : Python.items(value).reversed();
            case "join" -> join(value, arguments, named);
            case "sort" -> sorted(value, named);
            case "unique" -> new ArrayList<Object>(new LinkedHashSet<>(Python.items(value)));
            case "sum" -> {
                Object sum = 0L;
                for (Object item : mapped(Python.items(value), named)) {
                    sum = Python.binary("+", sum, item);
                }
                yield sum;
            }
            case "min" ->
                Python.items(value).stream()
                        .min(Python::compare)
                        .orElse(new Undefined("there is no item in an empty list"));
            case "max" ->
                Python.items(value).stream()
                        .max(Python::compare)
                        .orElse(new Undefined("there is no item in an empty list"));
            case "abs" ->
                value instanceof Double real ? (Object) Math.abs(real) : (Object) Math.absExact(Python.whole(value));
            case "int" -> whole(value, arguments);
            case "float" -> real(value);
            case "round" -> {
                double scale = Math.pow(10, arguments.isEmpty() ? 0 : Python.real(arguments.getFirst()));
                yield Math.rint(Python.real(value) * scale) / scale;
            }
            case "items" -> value instanceof Undefined ? List.of() : dictItems(value);
            case "dictsort" -> {
                List<Object> items = new ArrayList<>(dictItems(value));
                items.sort(Comparator.comparing(
                        (Object item) -> ((Tuple) item).items().getFirst(), Python::compare));
                yield items;
            }
            case "tojson" -> {
                Object indent = arguments.isEmpty() ? named.getOrDefault("indent", None.NONE) : arguments.getFirst();
                yield Python.json(Python.required(value), indent instanceof None ? -1 : (int) Python.whole(indent), 0);
            }
            case "map" -> {
                if (named.containsKey("attribute")) {
                    yield mapped(Python.items(value), named);
                }
                String filter = Python.text(at(arguments, 0, name));
                List<Object> rest = arguments.subList(1, arguments.size());
                List<Object> mapped = new ArrayList<>();
                Python.items(value).forEach(item -> mapped.add(apply(filter, item, rest, Map.of())));
                yield mapped;
            }
            case "select" -> chosen(value, arguments, false, true);
            case "reject" -> chosen(value, arguments, false, false);
            case "selectattr" -> chosen(value, arguments, true, true);
            case "rejectattr" -> chosen(value, arguments, true, false);
            default -> throw Python.error("there is no filter '" + name + "' here");
        };
    }

    private static List<Object> dictItems(Object value) {
        var method = Methods.of(value, "items");
        if (method == null) {
            throw Python.error("'" + Python.typeName(value) + "' has no items");
        }
        return Python.items(method.call(List.of(), Map.of()));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static String indent(String text, List<Object> arguments, Map<String, Object> named) {
        Object width = arguments.isEmpty() ? named.getOrDefault("width", 4L) : arguments.getFirst();
        String space = width instanceof String given ? given : " ".repeat(Math.clamp(Python.whole(width), 0, 1000));
        boolean first = Python.truth(arguments.size() > 1 ? arguments.get(1) : named.getOrDefault("first", false));
        Python.limited(text.length() + text.lines().count() * space.length());
        String indented = text.replaceAll("\n(?=[^\n])", "\n" + space);
        return first ? space + indented : indented;
    }

    private static Object edge(Object value, boolean first) {
        List<Object> items = Python.items(value);
        return items.isEmpty()
                ? new Undefined("there is no item in an empty list")
                : first ? items.getFirst() : items.getLast();
    }

    private static String join(Object value, List<Object> arguments, Map<String, Object> named) {
        String separator = Python.text(arguments.isEmpty() ? named.getOrDefault("d", "") : arguments.getFirst());
        return Methods.join(separator, mapped(Python.items(value), named));
    }

    private static List<Object> mapped(List<Object> items, Map<String, Object> named) {
        Object attribute = named.getOrDefault("attribute", None.NONE);
        if (attribute instanceof None) {
            return items;
        }
        List<Object> mapped = new ArrayList<>();
        for (Object item : items) {
            Object found = attribute(item, attribute);
            mapped.add(found instanceof Undefined ? named.getOrDefault("default", found) : found);
        }
        return mapped;
    }

    private static Object attribute(Object item, Object path) {
        if (path instanceof Long) {
            return Python.item(item, path);
        }
        Object value = item;
        for (String part : Python.text(path).split("\\.")) {
            value = value instanceof Namespace space
                    ? space.values().getOrDefault(part, new Undefined("there is no " + part))
                    : Python.item(value, part);
        }
        return value;
    }

    private static List<Object> sorted(Object value, Map<String, Object> named) {
        List<Object> items = new ArrayList<>(Python.items(value));
        Object attribute = named.getOrDefault("attribute", None.NONE);
        Comparator<Object> order = (a, b) -> Python.compare(
                folded(attribute instanceof None ? a : attribute(a, attribute)),
                folded(attribute instanceof None ? b : attribute(b, attribute)));
        items.sort(Python.truth(named.getOrDefault("reverse", false)) ? order.reversed() : order);
        return items;
    }

    /// Sorting does not tell capitals from small letters.
    private static Object folded(Object value) {
        return value instanceof String text ? text.toLowerCase(Locale.ROOT) : value;
    }

    private static Object whole(Object value, List<Object> arguments) {
        try {
            return switch (value) {
                case Double real -> (long) (double) real;
                case String text -> (long) Double.parseDouble(text.strip());
                default -> Python.whole(value);
            };
        } catch (NumberFormatException e) {
            return arguments.isEmpty() ? 0L : arguments.getFirst();
        }
    }

    private static Object real(Object value) {
        try {
            return value instanceof String text ? Double.parseDouble(text.strip()) : Python.real(value);
        } catch (NumberFormatException e) {
            return 0.0;
        }
    }

    private static List<Object> chosen(Object value, List<Object> arguments, boolean ofAttribute, boolean kept) {
        int first = ofAttribute ? 1 : 0;
        Predicate<Object> test = arguments.size() > first
                ? item -> test(Python.text(arguments.get(first)), item, arguments.subList(first + 1, arguments.size()))
                : Python::truth;
        List<Object> chosen = new ArrayList<>();
        for (Object item : Python.items(value)) {
            Object looked = ofAttribute ? attribute(item, at(arguments, 0, "selectattr")) : item;
            if (test.test(looked) == kept) {
                chosen.add(item);
            }
        }
        return chosen;
    }

    /// `value is name(arguments)`.
    static boolean test(String name, Object value, List<Object> arguments) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value instanceof None;
            case "string" -> value instanceof String;
            case "number" -> Python.number(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "mapping" -> value instanceof Map<?, ?>;
            case "sequence" -> isSequence(value);
            case "iterable" -> isSequence(value) || value instanceof Undefined;
            case "callable" -> value instanceof Python.Function;
            case "odd" -> Math.floorMod(Python.whole(value), 2) == 1;
            case "even" -> Math.floorMod(Python.whole(value), 2) == 0;
            case "divisibleby" -> Python.whole(Python.binary("%", value, at(arguments, 0, name))) == 0;
            case "in" -> Python.contains(at(arguments, 0, name), value);
            case "equalto", "eq", "==", "sameas" -> Python.equal(value, at(arguments, 0, name));
            case "ne", "!=" -> !Python.equal(value, at(arguments, 0, name));
            case "lt", "lessthan", "<" -> Python.compare(value, at(arguments, 0, name)) < 0;
            case "le", "<=" -> Python.compare(value, at(arguments, 0, name)) <= 0;
            case "gt", "greaterthan", ">" -> Python.compare(value, at(arguments, 0, name)) > 0;
            case "ge", ">=" -> Python.compare(value, at(arguments, 0, name)) >= 0;
            case "lower" -> Python.text(value).equals(Python.text(value).toLowerCase(Locale.ROOT));
            case "upper" -> Python.text(value).equals(Python.text(value).toUpperCase(Locale.ROOT));
            default -> throw Python.error("there is no test '" + name + "' here");
        };
    }

    private static boolean isSequence(Object value) {
        return value instanceof String
                || value instanceof List<?>
                || value instanceof Tuple
                || value instanceof Map<?, ?>;
    }

    private static Object at(List<Object> arguments, int index, String name) {
        if (index >= arguments.size()) {
            throw Python.error(name + " needs " + (index + 1) + " arguments");
        }
        return arguments.get(index);
    }
}
