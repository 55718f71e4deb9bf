package heed.examples.kannada;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Under which licences a package says that its files are.
final class Licences {
    private static final Pattern FIELD = Pattern.compile("(?m)^License:[ \\t]*(\\S[^\\n]*)$");
    private static final Pattern COMMON = Pattern.compile("/usr/share/common-licenses/([\\w.+-]*\\w)");
    private static final Pattern NAMED =
            Pattern.compile("Unicode License v3|UNICODE LICENSE V3|ISC License|MIT License");

    private Licences() {}

    /// The names in Debian's `copyright`, or the one that a package of npm begins its licence with.
    static Set<String> of(Path folder) throws IOException {
        Set<String> found = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> texts = files.filter(
                            file -> file.getFileName().toString().matches("copyright|LICENSE(\\.\\w+)?")
                                    && Files.isRegularFile(file))
                    .toList();
            for (Path text : texts) {
                read(new String(Files.readAllBytes(text), StandardCharsets.UTF_8), found);
            }
        }
        return found;
    }

    static void read(String text, Set<String> to) {
        FIELD.matcher(text).results().map(match -> match.group(1).strip()).forEach(to::add);
        if (to.isEmpty()) {
            COMMON.matcher(text).results().map(match -> match.group(1)).forEach(to::add);
        }
        Matcher named = NAMED.matcher(text);
        if (to.isEmpty() && named.find()) {
            to.add(named.group());
        }
    }
}
