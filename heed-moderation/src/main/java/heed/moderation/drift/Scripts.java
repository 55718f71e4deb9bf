package heed.moderation.drift;

import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Which script a text is written in: what is known of its language without asking anybody.
final class Scripts {
    static final String NONE = "none";

    private Scripts() {}

    /// The script of most of its letters, in small letters; [#NONE] where it has none.
    static String of(String text) {
        Map<UnicodeScript, Integer> counts = new HashMap<>();
        text.codePoints()
                .filter(Character::isLetter)
                .forEach(letter -> counts.merge(UnicodeScript.of(letter), 1, Integer::sum));
        return counts.entrySet().stream()
                .max(Map.Entry.<UnicodeScript, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> entry.getKey().name().toLowerCase(Locale.ROOT))
                .orElse(NONE);
    }
}
