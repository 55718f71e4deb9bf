package heed.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a catalogue of gettext line by line.
final class PoParser {
    private static final Pattern KEYWORD =
            Pattern.compile("(msgctxt|msgid_plural|msgid|msgstr)(?:\\[(\\d+)\\])?\\s*(\".*)");

    private final String name;
    private final List<String> lines;
    private final List<PoEntry> entries = new ArrayList<>();
    private final List<String> held = new ArrayList<>(); // of the entry that is being read
    private int at; // the line after the one that is being read, which makes it its number
    private int begun;

    // of the entry that is being read
    private Optional<StringBuilder> context = Optional.empty();
    private Optional<StringBuilder> id = Optional.empty();
    private Optional<StringBuilder> plural = Optional.empty();
    private final List<StringBuilder> translations = new ArrayList<>();
    private Optional<StringBuilder> open = Optional.empty(); // what a string in the next line goes on

    PoParser(String text, String name) {
        this.name = name;
        this.lines = text.lines().toList();
    }

    List<PoEntry> entries() {
        for (String line : lines) {
            at++;
            String bare = line.strip();
            boolean comment = bare.startsWith("#");
            boolean next = comment || bare.isEmpty() || bare.startsWith("msgctxt") || begins(bare, "msgid");
            if (next && !translations.isEmpty()) {
                finish();
            }
            if (held.isEmpty()) {
                begun = at;
            }
            held.add(line);
            if (comment || bare.isEmpty()) {
                open = Optional.empty();
                if (id.isPresent()) {
                    throw wrong("has a comment or nothing where msgstr is due for the msgid before it");
                }
            } else if (bare.startsWith("\"")) {
                open.orElseThrow(() -> wrong("has a string that belongs to no keyword"))
                        .append(PoStrings.unescaped(bare, place()));
            } else {
                keyword(bare);
            }
        }
        finish();
        return entries;
    }

    private static boolean begins(String line, String keyword) {
        return line.startsWith(keyword) && !line.startsWith(keyword + "_");
    }

    private void keyword(String line) {
        Matcher matcher = KEYWORD.matcher(line);
        if (!matcher.matches()) {
            throw wrong(
                    "is neither a comment nor msgctxt, msgid, msgid_plural or msgstr with a string: " + shown(line));
        }
        StringBuilder text = new StringBuilder(PoStrings.unescaped(matcher.group(3), place()));
        open = Optional.of(text);
        switch (matcher.group(1)) {
            case "msgctxt" -> context = first(context, text, "msgctxt");
            case "msgid" -> id = first(id, text, "msgid");
            case "msgid_plural" -> {
                if (id.isEmpty()) {
                    throw wrong("has a msgid_plural without a msgid before it");
                }
                plural = first(plural, text, "msgid_plural");
            }
            default -> translation(text, Optional.ofNullable(matcher.group(2)));
        }
    }

    private void translation(StringBuilder text, Optional<String> form) {
        if (id.isEmpty()) {
            throw wrong("has a msgstr without a msgid before it");
        }
        if (form.isPresent() != plural.isPresent()) {
            throw wrong(
                    plural.isPresent()
                            ? "has msgstr where msgstr[" + translations.size() + "] is due, as there is a msgid_plural"
                            : "has msgstr[" + form.get() + "] for a msgid without msgid_plural");
        }
        if (form.isPresent() ? !form.get().equals(String.valueOf(translations.size())) : !translations.isEmpty()) {
            throw wrong("has " + form.map(number -> "msgstr[" + number + "]").orElse("a second msgstr")
                    + form.map(_ -> " where msgstr[" + translations.size() + "] is due")
                            .orElse(""));
        }
        translations.add(text);
    }

    private Optional<StringBuilder> first(Optional<StringBuilder> before, StringBuilder text, String keyword) {
        if (before.isPresent()) {
            throw wrong("has a second " + keyword + " before any msgstr");
        }
        return Optional.of(text);
    }

    private void finish() {
        if (held.isEmpty()) {
            return;
        }
        if ((id.isPresent() || context.isPresent()) && translations.isEmpty()) {
            throw new CorpusException(name + ", line " + at + ": the file ends where a msgstr is due");
        }
        entries.add(
                translations.isEmpty()
                        ? PoEntry.others(begun, held)
                        : new PoEntry(
                                begun,
                                held,
                                context.map(StringBuilder::toString),
                                id.map(StringBuilder::toString).orElse(""),
                                plural.map(StringBuilder::toString),
                                translations.stream()
                                        .map(StringBuilder::toString)
                                        .toList()));
        held.clear();
        translations.clear();
        context = Optional.empty();
        id = Optional.empty();
        plural = Optional.empty();
        open = Optional.empty();
    }

    private static String shown(String line) {
        return line.length() > 60 ? line.substring(0, 60) + "…" : line;
    }

    private String place() {
        return name + ", line " + at;
    }

    private CorpusException wrong(String what) {
        return new CorpusException(place() + " " + what);
    }
}
