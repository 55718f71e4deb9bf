package heed.lens;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How many terminal columns a text takes: Chinese, Japanese, Korean and emoji take two, marks none.
final class DisplayWidth {
    private static final int EMOJI_SELECTOR = 0xFE0F;
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final String LEFT_TO_RIGHT_MARK = "\u200E";

    private DisplayWidth() {}

    static int of(String text) {
        return clusters(text).stream().mapToInt(DisplayWidth::ofCluster).sum();
    }

    /// What a reader calls characters: a letter with its marks, an emoji with its joiners.
    static List<String> clusters(String text) {
        List<String> clusters = new ArrayList<>();
        BreakIterator breaks = BreakIterator.getCharacterInstance(Locale.ROOT);
        breaks.setText(text);
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            clusters.add(text.substring(start, end));
            start = end;
        }
        return clusters;
    }

    static int ofCluster(String cluster) {
        boolean emoji = cluster.codePoints().anyMatch(c -> c == EMOJI_SELECTOR || c == ZERO_WIDTH_JOINER)
                && cluster.codePoints().anyMatch(Character::isEmoji);
        boolean flag = cluster.codePoints().allMatch(DisplayWidth::isRegionalIndicator);
        if (emoji || (flag && !cluster.isEmpty())) {
            return 2;
        }
        return cluster.codePoints().map(DisplayWidth::ofCharacter).sum();
    }

    /// The text in exactly `width` columns, cut with `…` or filled with spaces on the right.
    static String left(String text, int width) {
        String cut = cut(text, width);
        return steadied(cut) + " ".repeat(width - of(cut));
    }

    /// The text in exactly `width` columns, cut with `…` or filled with spaces on the left.
    static String right(String text, int width) {
        String cut = cut(text, width);
        return " ".repeat(width - of(cut)) + steadied(cut);
    }

    static String cut(String text, int width) {
        if (of(text) <= width) {
            return text;
        }
        StringBuilder cut = new StringBuilder();
        int used = 0;
        for (String cluster : clusters(text)) {
            int next = ofCluster(cluster);
            if (used + next > width - 1) {
                break;
            }
            cut.append(cluster);
            used += next;
        }
        return width > 0 ? cut + "…" : "";
    }

    /// Keeps a right-to-left word from pulling the rest of its line to the left: terminals that reorder text
    /// take the line's direction from its first strong character, which an invisible left-to-right mark is.
    static String steadied(String text) {
        boolean rightToLeft = text.codePoints()
                .map(Character::getDirectionality)
                .anyMatch(direction -> direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                        || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC);
        return rightToLeft ? LEFT_TO_RIGHT_MARK + text + LEFT_TO_RIGHT_MARK : text;
    }

    private static int ofCharacter(int character) {
        return switch (Character.getType(character)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT,
                    Character.CONTROL,
                    Character.SURROGATE -> 0;
            default -> isHangulVowelOrFinal(character) ? 0 : isWide(character) ? 2 : 1;
        };
    }

    /// East Asian Width W and F (Unicode Annex 11), by script: the JDK does not carry the property itself.
    private static boolean isWide(int character) {
        if (character < 0x1100) {
            return false;
        }
        if (Character.isEmojiPresentation(character)) {
            return true;
        }
        boolean fullWidthForm = (character >= 0xFF01 && character <= 0xFF60)
                || (character >= 0xFFE0 && character <= 0xFFE6)
                || (character >= 0xFE30 && character <= 0xFE6F);
        boolean halfWidthForm = character > 0xFF60 && character < 0xFFE0;
        boolean eastAsianSign = character >= 0x2E80 && character <= 0x33FF && character != 0x303F;
        if (fullWidthForm || eastAsianSign) {
            return true;
        }
        return !halfWidthForm
                && switch (Character.UnicodeScript.of(character)) {
                    case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, YI, TANGUT, NUSHU -> true;
                    default -> false;
                };
    }

    /// These join the consonant before them into one square.
    private static boolean isHangulVowelOrFinal(int character) {
        return (character >= 0x1160 && character <= 0x11FF) || (character >= 0xD7B0 && character <= 0xD7FF);
    }

    private static boolean isRegionalIndicator(int character) {
        return character >= 0x1F1E6 && character <= 0x1F1FF;
    }
}
