package heed.examples.kannada;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The files in which Firefox keeps strings: Fluent, Java's properties, and entities of a DTD.
final class StringFiles {
    private static final Pattern ENTITY = Pattern.compile("<!ENTITY\\s+([\\w.-]+)\\s+\"([^\"]*)\"");
    private static final Pattern MESSAGE = Pattern.compile("(-?[A-Za-z][\\w-]*)\\s*=\\s*(.*)");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\s+\\.([\\w-]+)\\s*=\\s*(.*)");

    private StringFiles() {}

    static boolean isOne(Path path) {
        return path.toString().matches(".*\\.(ftl|properties|dtd)");
    }

    static Map<String, String> read(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        String name = file.toString();
        if (name.endsWith(".ftl")) {
            return fluent(text);
        }
        return name.endsWith(".dtd") ? entities(text) : properties(text);
    }

    private static Map<String, String> entities(String text) {
        Map<String, String> strings = new LinkedHashMap<>();
        ENTITY.matcher(text).results().forEach(match -> strings.put(match.group(1), match.group(2)));
        return strings;
    }

    private static Map<String, String> properties(String text) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException e) {
            return Map.of(); // a `\\u` without digits
        }
        Map<String, String> strings = new LinkedHashMap<>();
        properties.forEach((key, value) -> strings.put(String.valueOf(key), String.valueOf(value)));
        return strings;
    }

    /// Messages and their attributes; what goes on in the next lines is indented.
    private static Map<String, String> fluent(String text) {
        Map<String, String> strings = new LinkedHashMap<>();
        String message = "";
        String key = "";
        for (String line : text.split("\n")) {
            Matcher begins = MESSAGE.matcher(line);
            Matcher attribute = ATTRIBUTE.matcher(line);
            if (begins.matches()) {
                message = begins.group(1);
                key = message;
                add(strings, key, begins.group(2));
            } else if (attribute.matches()) {
                key = message + "." + attribute.group(1);
                add(strings, key, attribute.group(2));
            } else if (!line.isBlank() && Character.isWhitespace(line.charAt(0)) && !key.isEmpty()) {
                add(strings, key, line);
            } else {
                key = "";
            }
        }
        strings.values().removeIf(string -> string.contains("->")); // one of several texts, by number or gender
        return strings;
    }

    private static void add(Map<String, String> strings, String key, String text) {
        if (!text.isBlank()) {
            strings.merge(key, text.strip(), (before, more) -> before + " " + more);
        }
    }
}
