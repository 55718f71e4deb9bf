package heed.examples.kannada;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How a name in Latin letters is written in Kannada, letter by letter, where nobody knows better: `Aj` becomes
/// `ಅಜ್`, `Ravi` `ರವಿ`, `Meena` `ಮೀನಾ`.
final class NameSpelling {
    private static final String VIRAMA = "್";
    private static final String ANUSVARA = "ಂ";

    /// The longest spellings first.
    private static final List<String> CONSONANTS = List.of(
            "ksh", "chh", "sh", "ch", "kh", "gh", "jh", "th", "dh", "bh", "ph", "b", "c", "d", "f", "g", "h", "j", "k",
            "l", "m", "n", "p", "q", "r", "s", "t", "v", "w", "x", "y", "z");

    /// What turns an `n` before it, or an `m`, into an anusvara.
    private static final List<String> BEFORE_N = List.of("k", "kh", "g", "gh", "ch", "j", "t", "th", "d", "dh");

    private static final List<String> BEFORE_M = List.of("p", "ph", "b", "bh");

    private static final Map<String, String> CONSONANT = Map.ofEntries(
            Map.entry("ksh", "ಕ್ಷ"),
            Map.entry("chh", "ಛ"),
            Map.entry("sh", "ಶ"),
            Map.entry("ch", "ಚ"),
            Map.entry("kh", "ಖ"),
            Map.entry("gh", "ಘ"),
            Map.entry("jh", "ಝ"),
            Map.entry("th", "ತ"),
            Map.entry("dh", "ಧ"),
            Map.entry("bh", "ಭ"),
            Map.entry("ph", "ಫ"),
            Map.entry("b", "ಬ"),
            Map.entry("c", "ಕ"),
            Map.entry("d", "ದ"),
            Map.entry("f", "ಫ"),
            Map.entry("g", "ಗ"),
            Map.entry("h", "ಹ"),
            Map.entry("j", "ಜ"),
            Map.entry("k", "ಕ"),
            Map.entry("l", "ಲ"),
            Map.entry("m", "ಮ"),
            Map.entry("n", "ನ"),
            Map.entry("p", "ಪ"),
            Map.entry("q", "ಕ"),
            Map.entry("r", "ರ"),
            Map.entry("s", "ಸ"),
            Map.entry("t", "ತ"),
            Map.entry("v", "ವ"),
            Map.entry("w", "ವ"),
            Map.entry("x", "ಕ್ಸ"),
            Map.entry("y", "ಯ"),
            Map.entry("z", "ಜ"));

    /// How a vowel is written by itself, and after a consonant.
    private enum Vowel {
        A("ಅ", ""),
        AA("ಆ", "ಾ"),
        I("ಇ", "ಿ"),
        II("ಈ", "ೀ"),
        U("ಉ", "ು"),
        UU("ಊ", "ೂ"),
        E("ಎ", "ೆ"),
        EE("ಏ", "ೇ"),
        AI("ಐ", "ೈ"),
        O("ಒ", "ೊ"),
        OO("ಓ", "ೋ"),
        AU("ಔ", "ೌ");

        private final String letter;
        private final String sign;

        Vowel(String letter, String sign) {
            this.letter = letter;
            this.sign = sign;
        }
    }

    private final String name;
    private final StringBuilder written = new StringBuilder();
    private int at;
    private boolean afterConsonant;

    private NameSpelling(String name) {
        this.name = name;
    }

    /// @param name in letters from A to Z
    static String of(String name) {
        return new NameSpelling(name.toLowerCase(Locale.ROOT)).spell();
    }

    private String spell() {
        while (at < name.length()) {
            if (isVowel(at)) {
                vowel();
            } else {
                consonant();
            }
        }
        return afterConsonant ? written.append(VIRAMA).toString() : written.toString();
    }

    private boolean isVowel(int place) {
        return place >= 0 && place < name.length() && "aeiou".indexOf(name.charAt(place)) >= 0;
    }

    private void consonant() {
        String letters = letters(at);
        String next = letters(at + letters.length());
        boolean nasal = switch (letters) {
            case "n" -> BEFORE_N.contains(next);
            case "m" -> BEFORE_M.contains(next);
            default -> false;
        };
        if (nasal && !afterConsonant && !written.isEmpty()) {
            written.append(ANUSVARA);
        } else {
            written.append(afterConsonant ? VIRAMA : "").append(CONSONANT.get(letters));
            afterConsonant = true;
        }
        at += letters.length();
    }

    /// The consonant that begins there; empty where none does.
    private String letters(int place) {
        return CONSONANTS.stream()
                .filter(letters -> name.startsWith(letters, place))
                .findFirst()
                .orElse("");
    }

    private void vowel() {
        boolean follows = !written.isEmpty() && !afterConsonant;
        if (follows && written.charAt(written.length() - 1) != ANUSVARA.charAt(0)) {
            boolean rounded = "uo".indexOf(name.charAt(at - 1)) >= 0;
            written.append(rounded ? "ವ" : "ಯ"); // no vowel follows another without a glide
            afterConsonant = true;
        }
        Vowel vowel = readVowel();
        written.append(afterConsonant ? vowel.sign : vowel.letter);
        afterConsonant = false;
    }

    private Vowel readVowel() {
        int start = at;
        String two = name.substring(at, Math.min(name.length(), at + 2));
        at += 2;
        switch (two) {
            case "aa" -> {
                return Vowel.AA;
            }
            case "ee", "ii" -> {
                return Vowel.II;
            }
            case "oo", "uu" -> {
                return Vowel.UU;
            }
            case "ai" -> {
                return Vowel.AI;
            }
            case "au", "ou" -> {
                return Vowel.AU;
            }
            default -> at = start + 1;
        }
        boolean last = at == name.length();
        String next = letters(at);
        boolean cluster = !next.isEmpty() && !letters(at + next.length()).isEmpty();
        return switch (name.charAt(start)) {
            case 'a' -> (last && start > 0) || isOnlySyllable(start, next) ? Vowel.AA : Vowel.A;
            case 'i' -> Vowel.I;
            case 'u' -> Vowel.U;
            case 'e' -> cluster || last ? Vowel.E : Vowel.EE;
            default -> cluster ? Vowel.O : Vowel.OO;
        };
    }

    /// `Raj` and `Ram` are long, `Jay` and `Yash` are not.
    private boolean isOnlySyllable(int start, String next) {
        return start > 0
                && start == letters(0).length()
                && start + 1 + next.length() == name.length()
                && !next.isEmpty()
                && !next.equals("y")
                && !next.equals("sh");
    }
}
