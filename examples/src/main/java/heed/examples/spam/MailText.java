package heed.examples.spam;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What somebody wrote, without what programs added to it or somebody else had written before.
final class MailText {
    private static final Pattern UNSEEN =
            Pattern.compile("(?is)<!--.*?-->|<(script|style|title)\\b[^>]*>.*?</\\1\\s*>|<![^>]*>");
    private static final Pattern BREAK =
            Pattern.compile("(?i)<(?:br|/?(?:p|div|tr|td|table|li|ul|ol|h[1-6]|hr|center))\\b[^>]*>");
    private static final Pattern TAG = Pattern.compile("<[^<>]*>");
    private static final Pattern ENTITY = Pattern.compile("&(?:#(\\d{1,7})|([A-Za-z]+));?");
    private static final Map<String, String> ENTITIES =
            Map.of("nbsp", " ", "amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "copy", "©", "reg", "®");

    private static final Pattern QUOTED = Pattern.compile("\\s*(?:[A-Za-z]{0,4}>|\\|).*");
    private static final Pattern ATTRIBUTION = Pattern.compile(".*\\b(?:wrote|writes|said):\\s*");
    private static final Pattern RULE = Pattern.compile("[_=*-]{20,}|-- ?");
    private static final Pattern FOOTER = Pattern.compile(
            "(?i).*(?:mailing list|sponsored by|linux users' group|list maintainer|yahoo! groups|to unsubscribe from this group).*");
    private static final Pattern SIGNATURE = Pattern.compile("-----BEGIN PGP SIGNATURE-----");
    private static final int FOOTER_LINES = 4;

    private MailText() {}

    /// The text of a page, as far as it matters here.
    static String ofHtml(String html) {
        String seen = UNSEEN.matcher(html).replaceAll("");
        String broken = BREAK.matcher(seen).replaceAll("\n");
        String text = TAG.matcher(broken).replaceAll("");
        return ENTITY.matcher(text)
                .replaceAll(entity -> Matcher.quoteReplacement(
                        entity.group(1) != null ? character(entity.group(1)) : named(entity.group(2), entity.group())));
    }

    private static String character(String number) {
        int point = Integer.parseInt(number);
        return Character.isValidCodePoint(point) && !(point >= 0xD800 && point < 0xE000)
                ? Character.toString(point)
                : " ";
    }

    private static String named(String name, String whole) {
        return ENTITIES.getOrDefault(name.toLowerCase(Locale.ROOT), whole);
    }

    /// Leaves out lines that quote (`> …`), the line that says whom, what mailing lists and their hosts put
    /// below, and signatures of programs. Footers tell which list a mail went through: they leak as headers do.
    static String cleaned(String text) {
        List<String> kept = new ArrayList<>();
        List<String> lines = text.lines().map(String::strip).toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (SIGNATURE.matcher(line).matches() || isFooter(lines, i)) {
                break;
            }
            boolean blankTwice =
                    line.isEmpty() && (kept.isEmpty() || kept.getLast().isEmpty());
            if (!blankTwice
                    && !QUOTED.matcher(line).matches()
                    && !ATTRIBUTION.matcher(line).matches()) {
                kept.add(line.replaceAll("[\\s\\u00a0]+", " "));
            }
        }
        return String.join("\n", kept).strip();
    }

    /// Whether a rule begins what a mailing list put below.
    private static boolean isFooter(List<String> lines, int at) {
        return RULE.matcher(lines.get(at)).matches()
                && lines.subList(at + 1, Math.min(lines.size(), at + 1 + FOOTER_LINES)).stream()
                        .anyMatch(line -> FOOTER.matcher(line).matches());
    }
}
