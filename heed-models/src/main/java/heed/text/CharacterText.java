package heed.text;

import org.jspecify.annotations.Nullable;

/// A text as the tokenizer library takes it, and the way back from its offsets. The library counts Unicode
/// characters (code points) and needs valid ones; Java counts UTF-16 units and allows halves of surrogate
/// pairs.
///
/// @param text the text with U+FFFD for every lone surrogate: one unit for one, so that offsets stay
/// @param utf16 the UTF-16 index of each code point and, last, of the end; null where the two counts agree
record CharacterText(String text, int @Nullable [] utf16) {
    private static final char REPLACEMENT = '\uFFFD';

    static CharacterText of(String text) {
        int length = text.length();
        int surrogate = 0;
        while (surrogate < length && !Character.isSurrogate(text.charAt(surrogate))) {
            surrogate++;
        }
        if (surrogate == length) {
            return new CharacterText(text, null);
        }
        char[] valid = text.toCharArray();
        int[] utf16 = new int[text.codePointCount(0, length) + 1];
        int index = 0;
        for (int codePoint = 0; codePoint < utf16.length; codePoint++) {
            utf16[codePoint] = index;
            if (index < length) {
                int character = text.codePointAt(index);
                if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
                    valid[index] = REPLACEMENT;
                }
                index += Character.charCount(character);
            }
        }
        return new CharacterText(new String(valid), utf16);
    }

    /// The UTF-16 index of an offset in code points.
    int index(int codePoint) {
        return utf16 == null ? codePoint : utf16[codePoint];
    }
}
