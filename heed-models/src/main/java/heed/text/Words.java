package heed.text;

import heed.text.TokenizerRecipe.Normalization;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a text is cut before anything is learned of it, and before anything is looked up: no token crosses a
/// word.
enum Words {
    /// Letters with their marks and joiners, digits, and everything else apart, each with the space before it;
    /// their UTF-8 bytes are written as characters. GPT-2's own cut would part a consonant of Kannada from its
    /// vowel sign.
    BYTES {
        @Override
        void cut(String text, Consumer<String> to) {
            Matcher word = CUT.matcher(text);
            while (word.find()) {
                to.accept(ofBytes(word.group()));
            }
        }
    },
    /// Between white space, with a `▁` before each.
    PLAIN {
        @Override
        void cut(String text, Consumer<String> to) {
            String spaced = TokenizerJson.SPACE
                    + WHITE_SPACE.matcher(text).replaceAll(" ").strip();
            String marked = spaced.replace(" ", TokenizerJson.SPACE);
            int from = marked.startsWith(TokenizerJson.SPACE + TokenizerJson.SPACE) ? 1 : 0; // it was there already
            for (int at = marked.indexOf(TokenizerJson.SPACE, from + 1);
                    at >= 0;
                    at = marked.indexOf(TokenizerJson.SPACE, from + 1)) {
                to.accept(marked.substring(from, at));
                from = at;
            }
            if (marked.length() > 1) {
                to.accept(marked.substring(from));
            }
        }
    };

    /// In the words of Java and of the library that reads `tokenizer.json` alike.
    static final String PATTERN = " ?[\\p{L}\\p{M}\\x{200C}\\x{200D}]+| ?\\p{N}+"
            + "| ?[^\\s\\p{L}\\p{M}\\p{N}\\x{200C}\\x{200D}]+|\\s+(?!\\S)|\\s+";

    private static final Pattern CUT = Pattern.compile(PATTERN, Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    abstract void cut(String text, Consumer<String> to);

    static String normalized(String text, Normalization normalization) {
        return switch (normalization) {
            case NONE -> text;
            case NFC -> Normalizer.normalize(text, Normalizer.Form.NFC);
            case NFKC -> Normalizer.normalize(text, Normalizer.Form.NFKC);
        };
    }

    /// Bytes as characters that can be seen: printable ones of Latin-1 as themselves, the others from U+0100
    /// on, as GPT-2 writes them.
    private static final char[] BYTES_AS_CHARACTERS = bytesAsCharacters();

    private static char[] bytesAsCharacters() {
        char[] characters = new char[256];
        char next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b > ' ' && b <= '~') || (b >= 0xA1 && b != 0xAD);
            characters[b] = printable ? (char) b : next++;
        }
        return characters;
    }

    private static String ofBytes(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        char[] characters = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            characters[i] = BYTES_AS_CHARACTERS[bytes[i] & 0xFF];
        }
        return new String(characters);
    }

    /// The characters that stand for bytes, in the order of their code points.
    static String alphabet() {
        char[] characters = BYTES_AS_CHARACTERS.clone();
        Arrays.sort(characters);
        return new String(characters);
    }
}
