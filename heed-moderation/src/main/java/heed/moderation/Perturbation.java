package heed.moderation;

import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What people do to words to get them past a filter, for measuring how many still get caught. The same seed
/// does the same to the same text.
enum Perturbation {
    ZERO_WIDTH("a zero-width space inside"),
    SOFT_HYPHEN("a soft hyphen inside"),
    LOOK_ALIKE("letters that look alike"),
    LEET("digits and signs for letters"),
    WIDE("wide letters"),
    STRETCHED("a letter drawn out"),
    SPACED("letters set apart"),
    DOTTED("dots between letters"),
    CAPITALS("letters large and small by turns"),
    SWAPPED("two letters swapped");

    private static final Pattern WORD = Pattern.compile("\\p{L}{3,}");

    private final String description;

    Perturbation(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }

    /// @param severity the share of words that are changed
    String applyTo(String text, double severity, long seed) {
        Random random = new Random(seed ^ text.hashCode());
        return WORD.matcher(text)
                .replaceAll(word -> Matcher.quoteReplacement(
                        random.nextDouble() < severity ? changed(word.group(), random) : word.group()));
    }

    private String changed(String word, Random random) {
        return switch (this) {
            case ZERO_WIDTH -> insert(word, random, "\u200b");
            case SOFT_HYPHEN -> insert(word, random, "\u00ad");
            case LOOK_ALIKE -> replaced(word, Perturbation::cyrillic);
            case LEET -> replaced(word, Perturbation::sign);
            case WIDE -> replaced(word, c -> c < 127 ? c + 0xFEE0 : c);
            case STRETCHED -> stretched(word, random);
            case SPACED -> String.join(" ", word.split(""));
            case DOTTED -> String.join(".", word.split(""));
            case CAPITALS -> alternating(word);
            case SWAPPED -> swapped(word, random);
        };
    }

    private static String insert(String word, Random random, String what) {
        int at = 1 + random.nextInt(word.length() - 1);
        return word.substring(0, at) + what + word.substring(at);
    }

    private static String replaced(String word, IntUnaryOperator letter) {
        return word.codePoints()
                .map(letter)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static int cyrillic(int c) {
        int at = "aeopcxyi".indexOf(c);
        return at < 0 ? c : "аеорсхуі".charAt(at);
    }

    private static int sign(int c) {
        int at = "oieast".indexOf(Character.toLowerCase(c));
        return at < 0 ? c : "013@$7".charAt(at);
    }

    private static String stretched(String word, Random random) {
        int at = random.nextInt(word.length());
        return word.substring(0, at) + String.valueOf(word.charAt(at)).repeat(4) + word.substring(at);
    }

    private static String alternating(String word) {
        StringBuilder changed = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            changed.append(i % 2 == 0 ? Character.toLowerCase(c) : Character.toUpperCase(c));
        }
        return changed.toString();
    }

    private static String swapped(String word, Random random) {
        int at = random.nextInt(word.length() - 1);
        return word.substring(0, at) + word.charAt(at + 1) + word.charAt(at) + word.substring(at + 2);
    }
}
