package heed.moderation.baseline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What a text is counted as.
public enum Features {
    /// Single words.
    WORDS {
        @Override
        List<String> of(String text) {
            return Arrays.stream(BETWEEN_WORDS.split(text.toLowerCase(Locale.ROOT)))
                    .filter(word -> !word.isEmpty())
                    .toList();
        }
    },
    /// Three to five characters side by side, over the borders of words, too; any blank counts as one space.
    CHARACTERS {
        @Override
        List<String> of(String text) {
            String even =
                    " " + BLANK.matcher(text.toLowerCase(Locale.ROOT).strip()).replaceAll(" ") + " ";
            List<String> grams = new ArrayList<>();
            for (int n = 3; n <= 5; n++) {
                for (int at = 0; at + n <= even.length(); at++) {
                    grams.add(even.substring(at, at + n));
                }
            }
            return grams;
        }
    };

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}']+");
    private static final Pattern BLANK = Pattern.compile("\\s+");

    /// All of them, each as often as it is there.
    abstract List<String> of(String text);
}
