package heed.chat;

import heed.chat.Python.Function;
import heed.chat.Python.None;
import heed.chat.Python.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The methods of Python's texts, lists and dictionaries that templates call. None changes its object.
final class Methods {
    private static final Pattern PLACE = Pattern.compile("%([sdrf%])");

    private Methods() {}

    /// The method of that name, or null when there is none here.
    static @Nullable Function of(Object value, String name) {
        return switch (value) {
            case String text -> ofText(text, name);
            case Map<?, ?> map -> ofMap(map, name);
            case List<?> list -> ofList(list, name);
            default -> null;
        };
    }

    private static @Nullable Function ofMap(Map<?, ?> map, String name) {
        return switch (name) {
            case "items" ->
                (_, _) -> {
                    List<Object> items = new ArrayList<>();
                    map.forEach((key, value) -> {
                        List<Object> pair = new ArrayList<>();
                        pair.add(key);
                        pair.add(value);
                        items.add(new Tuple(pair));
                    });
                    return items;
                };
            case "keys" -> (_, _) -> new ArrayList<Object>(map.keySet());
            case "values" -> (_, _) -> new ArrayList<Object>(map.values());
            case "get" ->
                (arguments, _) -> {
                    Object key = argument(arguments, 0, name);
                    Object item = map.get(key);
                    return item != null ? item : arguments.size() > 1 ? arguments.get(1) : None.NONE;
                };
            default -> null;
        };
    }

    private static @Nullable Function ofList(List<?> list, String name) {
        return switch (name) {
            case "count" ->
                (arguments, _) -> {
                    Object item = argument(arguments, 0, name);
                    return list.stream()
                            .filter(other -> Python.equal(other, item))
                            .count();
                };
            case "index" ->
                (arguments, _) -> {
                    Object item = argument(arguments, 0, name);
                    for (int i = 0; i < list.size(); i++) {
                        if (Python.equal(list.get(i), item)) {
                            return (long) i;
                        }
                    }
                    throw Python.error(Python.shown(item) + " is not in the list");
                };
            default -> null;
        };
    }

    private static @Nullable Function ofText(String text, String name) {
        return switch (name) {
            case "upper" -> (_, _) -> text.toUpperCase(Locale.ROOT);
            case "lower" -> (_, _) -> text.toLowerCase(Locale.ROOT);
            case "title" -> (_, _) -> title(text);
            case "capitalize" -> (_, _) -> capitalize(text);
            case "strip" -> (arguments, _) -> strip(text, arguments, true, true);
            case "lstrip" -> (arguments, _) -> strip(text, arguments, true, false);
            case "rstrip" -> (arguments, _) -> strip(text, arguments, false, true);
            case "split" -> (arguments, named) -> split(text, arguments, named);
            case "splitlines" -> (_, _) -> new ArrayList<Object>(text.lines().toList());
            case "startswith" -> (arguments, _) -> any(arguments, text::startsWith);
            case "endswith" -> (arguments, _) -> any(arguments, text::endsWith);
            case "removeprefix" ->
                (arguments, _) -> {
                    String prefix = string(arguments, 0, name);
                    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
                };
            case "removesuffix" ->
                (arguments, _) -> {
                    String suffix = string(arguments, 0, name);
                    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
                };
            case "replace" ->
                (arguments, _) -> replace(
                        text,
                        string(arguments, 0, name),
                        string(arguments, 1, name),
                        arguments.size() > 2 ? Python.whole(arguments.get(2)) : -1);
            case "join" -> (arguments, _) -> join(text, Python.items(argument(arguments, 0, name)));
            case "find" ->
                (arguments, _) -> {
                    int index = text.indexOf(string(arguments, 0, name));
                    return index < 0 ? -1L : (long) text.codePointCount(0, index);
                };
            case "count" ->
                (arguments, _) -> {
                    String part = string(arguments, 0, name);
                    long pieces = text.split(Pattern.quote(part), -1).length;
                    return part.isEmpty() ? Python.length(text) + 1L : pieces - 1;
                };
            case "isdigit" -> (_, _) -> all(text, Character::isDigit);
            case "isalpha" -> (_, _) -> all(text, Character::isLetter);
            case "isalnum" -> (_, _) -> all(text, Character::isLetterOrDigit);
            case "isspace" -> (_, _) -> all(text, Character::isWhitespace);
            case "isupper" ->
                (_, _) -> text.equals(text.toUpperCase(Locale.ROOT)) && !text.equals(text.toLowerCase(Locale.ROOT));
            case "islower" ->
                (_, _) -> text.equals(text.toLowerCase(Locale.ROOT)) && !text.equals(text.toUpperCase(Locale.ROOT));
            default -> null;
        };
    }

    private static boolean all(String text, IntPredicate test) {
        return !text.isEmpty() && text.codePoints().allMatch(test);
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    static String title(String text) {
        var titled = new StringBuilder();
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            titled.appendCodePoint(inside ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inside = Character.isLetter(c);
        }
        return titled.toString();
    }

    static String strip(String text, List<Object> arguments, boolean start, boolean end) {
        IntPredicate gone = arguments.isEmpty() || arguments.getFirst() instanceof None
                ? Methods::isSpace
                : c -> string(arguments, 0, "strip").indexOf(c) >= 0;
        int[] characters = text.codePoints().toArray();
        int from = 0;
        int to = characters.length;
        while (start && from < to && gone.test(characters[from])) {
            from++;
        }
        while (end && to > from && gone.test(characters[to - 1])) {
            to--;
        }
        return new String(characters, from, to - from);
    }

    /// White space as Python counts it.
    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    private static List<Object> split(String text, List<Object> arguments, Map<String, Object> named) {
        long most = arguments.size() > 1
                ? Python.whole(arguments.get(1))
                : Python.whole(named.getOrDefault("maxsplit", -1L));
        Object separator = arguments.isEmpty() ? named.getOrDefault("sep", None.NONE) : arguments.getFirst();
        List<Object> parts = new ArrayList<>();
        if (separator instanceof None) {
            String rest = strip(text, List.of(), true, false);
            while (!rest.isEmpty()) {
                int end = 0;
                while (end < rest.length() && !isSpace(rest.charAt(end))) {
                    end++;
                }
                if (most >= 0 && parts.size() == most) {
                    parts.add(rest);
                    return parts;
                }
                parts.add(rest.substring(0, end));
                rest = strip(rest.substring(end), List.of(), true, false);
            }
            return parts;
        }
        String cut = Python.text(separator);
        if (cut.isEmpty()) {
            throw Python.error("a text is split at nothing");
        }
        int from = 0;
        for (int at = text.indexOf(cut); at >= 0 && (most < 0 || parts.size() < most); at = text.indexOf(cut, from)) {
            parts.add(text.substring(from, at));
            from = at + cut.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    static String replace(String text, String from, String to, long most) {
        long found = from.isEmpty() ? text.length() + 1L : text.length() / from.length();
        Python.limited(text.length() + found * to.length());
        if (most < 0) {
            return text.replace(from, to);
        }
        String replaced = text;
        int start = 0;
        for (long i = 0; i < most; i++) {
            int at = replaced.indexOf(from, start);
            if (at < 0) {
                break;
            }
            replaced = replaced.substring(0, at) + to + replaced.substring(at + from.length());
            start = at + to.length() + (from.isEmpty() ? 1 : 0);
            if (start > replaced.length()) {
                break;
            }
        }
        return replaced;
    }

    static String join(String separator, List<Object> items) {
        var joined = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            joined.append(i == 0 ? "" : separator).append(Python.text(items.get(i)));
            Python.limited(joined.length());
        }
        return joined.toString();
    }

    /// `format % values` for the places `%s`, `%d`, `%r` and `%f`.
    static String format(String format, Object values) {
        List<Object> given = values instanceof Tuple tuple ? tuple.items() : java.util.Arrays.asList(values);
        var text = new StringBuilder();
        Matcher place = PLACE.matcher(format);
        int next = 0;
        while (place.find()) {
            String kind = place.group(1);
            if (!kind.equals("%") && next >= given.size()) {
                throw Python.error("a format has more places than values");
            }
            String piece = switch (kind) {
                case "s" -> Python.text(given.get(next++));
                case "r" -> Python.shown(given.get(next++));
                case "d" -> String.valueOf((long) Python.real(given.get(next++)));
                case "f" -> String.format(Locale.ROOT, "%f", Python.real(given.get(next++)));
                default -> "%";
            };
            place.appendReplacement(text, Matcher.quoteReplacement(piece));
        }
        return place.appendTail(text).toString();
    }

    private static boolean any(List<Object> arguments, java.util.function.Predicate<String> test) {
        Object parts = argument(arguments, 0, "startswith");
        return parts instanceof Tuple tuple
                ? tuple.items().stream().map(Python::text).anyMatch(test)
                : test.test(Python.text(parts));
    }

    private static Object argument(List<Object> arguments, int index, String name) {
        if (index >= arguments.size()) {
            throw Python.error(name + " needs " + (index + 1) + " arguments");
        }
        return arguments.get(index);
    }

    private static String string(List<Object> arguments, int index, String name) {
        return Python.text(Python.required(argument(arguments, index, name)));
    }
}
