package heed.corpus;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Leaves out pairs that teach nothing or something wrong, and writes the others in one way. ZWJ and ZWNJ, with
/// which scripts of India spell, stay.
///
/// A cleaning remembers what it has seen; of equal pairs only the first comes through.
public final class PairCleaning {
    private static final Pattern MARKUP = Pattern.compile("<[^<>]{1,200}>");
    private static final Pattern ENTITY = Pattern.compile("&(#\\d{1,6}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});");
    private static final Pattern INVISIBLE = Pattern.compile("[\\x{200B}\\x{FEFF}\\x{00AD}]");
    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern LETTERS = Pattern.compile("\\p{L}{2}");
    private static final Map<String, String> ENTITIES = Map.ofEntries(
            Map.entry("amp", "&"),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("quot", "\""),
            Map.entry("apos", "'"),
            Map.entry("nbsp", " "),
            Map.entry("hellip", "…"),
            Map.entry("copy", "©"),
            Map.entry("reg", "®"),
            Map.entry("ndash", "–"),
            Map.entry("mdash", "—"),
            Map.entry("laquo", "«"),
            Map.entry("raquo", "»"),
            Map.entry("lsquo", "‘"),
            Map.entry("rsquo", "’"),
            Map.entry("ldquo", "“"),
            Map.entry("rdquo", "”"),
            Map.entry("larr", "←"),
            Map.entry("rarr", "→"),
            Map.entry("times", "×"));

    private final Rules rules;
    private final Set<TextPair> seen = new HashSet<>();
    private final Map<String, Integer> dropped = new TreeMap<>();

    /// What is asked of a pair.
    ///
    /// @param script that a target must have letters of; null for any
    /// @param mostCharacters of a source or a target
    /// @param ratio the most that the longer text is longer than the shorter one, for sources of more than 20
    ///     characters
    public record Rules(@Nullable UnicodeScript script, int mostCharacters, double ratio) {
        private static final int SHORT = 20;

        /// Those for a target in this script.
        public static Rules of(@Nullable UnicodeScript script) {
            return new Rules(script, 1000, 3.3);
        }
    }

    public PairCleaning(Rules rules) {
        this.rules = rules;
    }

    /// The pair as it should be learned from; nothing, when it should not be.
    public Optional<TextPair> clean(TextPair pair) {
        boolean sameMarkup = markup(pair.source()).equals(markup(pair.target()));
        TextPair plain = pair.with(normalized(pair.source(), sameMarkup), normalized(pair.target(), sameMarkup));
        Optional<String> reason = reason(plain);
        if (reason.isEmpty() && !seen.add(new TextPair(plain.source(), plain.target(), ""))) {
            reason = Optional.of("there already");
        }
        reason.ifPresent(why -> dropped.merge(why, 1, Integer::sum));
        return reason.isPresent() ? Optional.empty() : Optional.of(plain);
    }

    /// How many pairs were left out, by reason.
    public Map<String, Integer> dropped() {
        return Map.copyOf(dropped);
    }

    private Optional<String> reason(TextPair pair) {
        String source = pair.source();
        String target = pair.target();
        if (source.isEmpty() || target.isEmpty()) {
            return Optional.of("empty");
        }
        if (source.equals(target)) {
            return Optional.of("not translated");
        }
        if (!LETTERS.matcher(source).find()) {
            return Optional.of("no word");
        }
        if (Math.max(source.length(), target.length()) > rules.mostCharacters) {
            return Optional.of("too long");
        }
        double ratio = (double) target.length() / source.length();
        if (source.length() > Rules.SHORT && Math.max(ratio, 1 / ratio) > rules.ratio) {
            return Optional.of("length ratio");
        }
        if (rules.script != null && !isWritten(target, rules.script)) {
            return Optional.of("other script");
        }
        return Protection.pair(pair).isEmpty() ? Optional.of("placeholders differ") : Optional.empty();
    }

    /// Whether letters of the script are there, and Latin ones are not more than twice as many.
    private static boolean isWritten(String text, UnicodeScript script) {
        long own = text.codePoints().filter(c -> UnicodeScript.of(c) == script).count();
        long latin =
                text.codePoints().filter(c -> c < 128 && Character.isLetter(c)).count();
        return own > 0 && latin <= 2 * own;
    }

    private static List<String> markup(String text) {
        return MARKUP.matcher(text)
                .results()
                .map(match -> match.group().toLowerCase(java.util.Locale.ROOT))
                .sorted()
                .collect(Collectors.toList());
    }

    /// One space for all white space, entities as characters, composed letters, nothing invisible but joiners.
    ///
    /// @param keepMarkup whether elements stay
    static String normalized(String text, boolean keepMarkup) {
        String bare = keepMarkup ? text : MARKUP.matcher(text).replaceAll(" ");
        String visible = INVISIBLE.matcher(unescaped(bare)).replaceAll("");
        return SPACE.matcher(Normalizer.normalize(visible, Normalizer.Form.NFC))
                .replaceAll(" ")
                .strip();
    }

    private static String unescaped(String text) {
        if (text.indexOf('&') < 0) {
            return text;
        }
        return ENTITY.matcher(text)
                .replaceAll(match ->
                        Matcher.quoteReplacement(character(match.group(1)).orElse(match.group())));
    }

    private static Optional<String> character(String entity) {
        if (!entity.startsWith("#")) {
            return Optional.ofNullable(ENTITIES.get(entity));
        }
        int code = entity.startsWith("#x")
                ? Integer.parseInt(entity.substring(2), 16)
                : Integer.parseInt(entity.substring(1));
        return Character.isValidCodePoint(code) ? Optional.of(Character.toString(code)) : Optional.empty();
    }
}
