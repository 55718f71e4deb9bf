package heed.task;

import heed.text.EncodeOptions;
import heed.text.Encoding;
import heed.text.SpecialToken;
import heed.text.Tokenizer;
import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds texts in letters that a vocabulary has no tokens for: Cyrillic for a model that learned English. Such
/// a model reads unknown tokens, or bytes that it never saw, and what it answers is worth nothing. A vocabulary
/// of bytes, such as GPT-2's, has tokens for everything, so that nothing can be said about it.
public final class UnknownScripts {
    private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");

    private UnknownScripts() {}

    /// The scripts of which a text has letters, none of them in a token that the vocabulary has.
    public static Set<UnicodeScript> in(String text, Tokenizer tokenizer) {
        Set<UnicodeScript> there = scripts(text);
        if (there.isEmpty()) {
            return there;
        }
        Encoding read = tokenizer.encode(text, EncodeOptions.defaults().withoutSpecialTokens());
        for (int i = 0; i < read.length(); i++) {
            if (isKnown(read.ids()[i], tokenizer)) {
                there.removeAll(scripts(text.substring(read.starts()[i], read.ends()[i])));
            }
        }
        return there;
    }

    private static Set<UnicodeScript> scripts(String text) {
        Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
        text.codePoints().filter(Character::isLetter).forEach(letter -> scripts.add(UnicodeScript.of(letter)));
        scripts.removeAll(EnumSet.of(UnicodeScript.COMMON, UnicodeScript.INHERITED, UnicodeScript.UNKNOWN));
        return scripts;
    }

    private static boolean isKnown(int id, Tokenizer tokenizer) {
        String token = tokenizer.token(id).orElse("");
        boolean unknown = tokenizer
                .specialToken(SpecialToken.UNKNOWN)
                .filter(token::equals)
                .isPresent();
        boolean letters = token.chars().anyMatch(Character::isLetter); // a word's mark may cover its first letter
        return letters && !unknown && !BYTE.matcher(token).matches();
    }
}
