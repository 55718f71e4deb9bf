package heed.corpus;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/// What two texts have in common when one tells what the other says: their letters, whatever the case, the
/// digits, the punctuation and the spaces.
final class PairKey {
    /// The vowel signs and joiners of Kannada are no word characters for regular expressions, and count.
    private static final Pattern BETWEEN = Pattern.compile("[\\s\\d!-/:-@\\[-`{-~…“”‘’–—]+");

    /// Where a language needs no signs between its letters, nothing but letters counts.
    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{Nl}\\p{No}]+");

    private static final int DIGEST_DIGITS = 24;

    private PairKey() {}

    static String of(String text) {
        return BETWEEN.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
    }

    static String ofLetters(String text) {
        return NO_LETTERS.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
    }

    /// @param side the language, which keeps sources and targets apart
    static String digest(String text, String side) {
        return digestOfKey(of(text), side);
    }

    static String digestOfKey(String key, String side) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest((side + ":" + key).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, DIGEST_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
