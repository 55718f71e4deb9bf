package heed.cli;

import java.io.PrintWriter;
import java.lang.Character.UnicodeScript;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Remembers which texts were in scripts that a model does not know, and says so once.
final class ScriptNotice {
    private final Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
    private long texts;
    private long told;
    private long first;

    /// @param unknown those of the next text
    void add(Collection<UnicodeScript> unknown) {
        texts++;
        if (!unknown.isEmpty()) {
            scripts.addAll(unknown);
            first = told == 0 ? texts : first;
            told++;
        }
    }

    void tell(PrintWriter err) {
        if (told > 0) {
            err.println("heed: the model's vocabulary has no letters of "
                    + scripts.stream().map(ScriptNotice::name).collect(Collectors.joining(", "))
                    + ": what it says of "
                    + (told == 1 ? "line " + first : told + " lines, the first is " + first + ",")
                    + " is worth nothing");
        }
    }

    /// A script as people write it: `Cyrillic`, `Old_Italic`.
    static String name(UnicodeScript script) {
        String name = script.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
