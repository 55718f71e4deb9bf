package heed.corpus;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The signs that say which key chooses an entry of a menu: `_File`, `&File`, `~File`, and `ಕಡತ (_F)` in
/// translations whose letters are on no key.
public final class Accelerators {
    private static final Pattern SIGN = Pattern.compile("[&_~](?=[\\p{L}\\p{N}])");
    private static final Pattern ENTITY = Pattern.compile("&(?:[A-Za-z]{2,8}|#\\w+);");
    private static final Pattern IN_BRACKETS = Pattern.compile("\\s*\\(([&_~])\\s?([A-Za-z0-9])\\)");

    private Accelerators() {}

    /// Where the sign is, when there is exactly one.
    public static Optional<Integer> place(String text) {
        Matcher matcher = SIGN.matcher(text);
        Optional<Integer> place = Optional.empty();
        while (matcher.find()) {
            if (isProtected(text, matcher.start())) {
                continue;
            }
            if (place.isPresent()) {
                return Optional.empty();
            }
            place = Optional.of(matcher.start());
        }
        return place;
    }

    private static boolean isProtected(String text, int at) {
        Matcher entity = ENTITY.matcher(text).region(at, text.length());
        return entity.lookingAt() || Span.in(text).stream().anyMatch(span -> span.start() <= at && at < span.end());
    }

    /// The pair without them.
    public static TextPair without(TextPair pair) {
        Optional<Integer> place = place(pair.source());
        String source = place.map(at -> drop(pair.source(), at)).orElse(pair.source());
        String bare = IN_BRACKETS.matcher(pair.target()).replaceAll("");
        if (place.isPresent()) {
            String key = Pattern.quote(pair.source().substring(place.get() + 1, place.get() + 2));
            bare = bare.replaceFirst("(?i)\\s*\\(" + key + "\\)", "");
        }
        String target = bare;
        return pair.with(source, place(target).map(at -> drop(target, at)).orElse(target));
    }

    /// The text without the sign.
    public static String bare(String text) {
        return place(text).map(at -> drop(text, at)).orElse(text);
    }

    private static String drop(String text, int at) {
        return text.substring(0, at) + text.substring(at + 1);
    }
}
