package heed.score;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// What is left of an English word without its endings, so that `connected` and `connections` are one word
/// (Porter 1980, "An algorithm for suffix stripping"). Where NLTK departs from the paper, and Google's
/// rouge-score with it, this does too: scores are to be theirs. No library for Java has those departures.
///
/// A word is a sequence of consonants and vowels; the measure `m` of a stem is how often a vowel is followed by
/// a consonant in it.
final class PorterStemmer {
    /// Words that NLTK knows by heart.
    private static final Map<String, String> IRREGULAR = Map.ofEntries(
            Map.entry("skies", "sky"),
            Map.entry("sky", "sky"),
            Map.entry("dying", "die"),
            Map.entry("lying", "lie"),
            Map.entry("tying", "tie"),
            Map.entry("news", "news"),
            Map.entry("innings", "inning"),
            Map.entry("inning", "inning"),
            Map.entry("outings", "outing"),
            Map.entry("outing", "outing"),
            Map.entry("cannings", "canning"),
            Map.entry("canning", "canning"),
            Map.entry("howe", "howe"),
            Map.entry("proceed", "proceed"),
            Map.entry("exceed", "exceed"),
            Map.entry("succeed", "succeed"));

    /// An ending, what stands in its place, and what the stem before it must be like. Of a list of rules the
    /// first whose ending is there decides, whether or not the stem is as it must be.
    private record Rule(String ending, String replacement, Predicate<String> stem) {
        static Rule measured(String ending, String replacement) {
            return new Rule(ending, replacement, stem -> measure(stem) > 0);
        }

        static Rule dropped(String ending) {
            return new Rule(ending, "", stem -> measure(stem) > 1);
        }
    }

    /// Step 2.
    private static final List<Rule> DOUBLE_SUFFIXES = List.of(
            Rule.measured("ational", "ate"),
            Rule.measured("tional", "tion"),
            Rule.measured("enci", "ence"),
            Rule.measured("anci", "ance"),
            Rule.measured("izer", "ize"),
            Rule.measured("bli", "ble"), // Porter's own, later than the paper, which has abli
            Rule.measured("alli", "al"),
            Rule.measured("entli", "ent"),
            Rule.measured("eli", "e"),
            Rule.measured("ousli", "ous"),
            Rule.measured("ization", "ize"),
            Rule.measured("ation", "ate"),
            Rule.measured("ator", "ate"),
            Rule.measured("alism", "al"),
            Rule.measured("iveness", "ive"),
            Rule.measured("fulness", "ful"),
            Rule.measured("ousness", "ous"),
            Rule.measured("aliti", "al"),
            Rule.measured("iviti", "ive"),
            Rule.measured("biliti", "ble"),
            Rule.measured("fulli", "ful"),
            new Rule("logi", "log", stem -> measure(stem + "l") > 0));

    /// Step 3.
    private static final List<Rule> SUFFIXES = List.of(
            Rule.measured("icate", "ic"),
            Rule.measured("ative", ""),
            Rule.measured("alize", "al"),
            Rule.measured("iciti", "ic"),
            Rule.measured("ical", "ic"),
            Rule.measured("ful", ""),
            Rule.measured("ness", ""));

    /// Step 4.
    private static final List<Rule> LAST_SUFFIXES = List.of(
            Rule.dropped("al"),
            Rule.dropped("ance"),
            Rule.dropped("ence"),
            Rule.dropped("er"),
            Rule.dropped("ic"),
            Rule.dropped("able"),
            Rule.dropped("ible"),
            Rule.dropped("ant"),
            Rule.dropped("ement"),
            Rule.dropped("ment"),
            Rule.dropped("ent"),
            new Rule("ion", "", stem -> measure(stem) > 1 && (stem.endsWith("s") || stem.endsWith("t"))),
            Rule.dropped("ou"),
            Rule.dropped("ism"),
            Rule.dropped("ate"),
            Rule.dropped("iti"),
            Rule.dropped("ous"),
            Rule.dropped("ive"),
            Rule.dropped("ize"));

    private PorterStemmer() {}

    /// @param word in small letters
    static String stem(String word) {
        String known = IRREGULAR.get(word);
        if (known != null) {
            return known;
        }
        if (word.length() <= 2) {
            return word;
        }
        String stem = withoutY(withoutPast(withoutPlural(word)));
        stem = applied(LAST_SUFFIXES, applied(SUFFIXES, withoutDoubleSuffix(stem)));
        return withoutDoubleL(withoutE(stem));
    }

    private static String applied(List<Rule> rules, String word) {
        for (Rule rule : rules) {
            if (word.endsWith(rule.ending)) {
                String stem = before(word, rule.ending);
                return rule.stem.test(stem) ? stem + rule.replacement : word;
            }
        }
        return word;
    }

    private static String before(String word, String ending) {
        return word.substring(0, word.length() - ending.length());
    }

    /// Step 1a: caresses, ponies, cats.
    private static String withoutPlural(String word) {
        if (word.endsWith("ies")) {
            return before(word, word.length() == 4 ? "s" : "es"); // dies and flies: NLTK keeps the e of the first
        }
        if (word.endsWith("sses")) {
            return before(word, "es");
        }
        return word.endsWith("s") && !word.endsWith("ss") ? before(word, "s") : word;
    }

    /// Step 1b: agreed, plastered, motoring.
    private static String withoutPast(String word) {
        if (word.endsWith("ied")) {
            return before(word, word.length() == 4 ? "d" : "ed"); // NLTK's, as with ies
        }
        if (word.endsWith("eed")) {
            return measure(before(word, "eed")) > 0 ? before(word, "d") : word;
        }
        for (String ending : List.of("ed", "ing")) {
            if (word.endsWith(ending) && hasVowel(before(word, ending))) {
                return mended(before(word, ending));
            }
        }
        return word;
    }

    /// What an ending was put to may have lost an e, or doubled a consonant.
    private static String mended(String stem) {
        if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
            return stem + "e";
        }
        if (endsInDouble(stem)) {
            char last = stem.charAt(stem.length() - 1);
            return last == 'l' || last == 's' || last == 'z' ? stem : stem.substring(0, stem.length() - 1);
        }
        return measure(stem) == 1 && endsShort(stem) ? stem + "e" : stem;
    }

    /// Step 1c: happy. NLTK wants a consonant before the y, and more than that alone; the paper any vowel.
    private static String withoutY(String word) {
        int last = word.length() - 1;
        boolean changes = word.endsWith("y") && last > 1 && consonant(word, last - 1);
        return changes ? before(word, "y") + "i" : word;
    }

    /// Step 2. What ends in alli ends, without it, perhaps in another ending of this step: NLTK's.
    private static String withoutDoubleSuffix(String word) {
        boolean twice = word.endsWith("alli") && measure(before(word, "alli")) > 0;
        return twice ? withoutDoubleSuffix(before(word, "li")) : applied(DOUBLE_SUFFIXES, word);
    }

    /// Step 5a: probate, rate, cease.
    private static String withoutE(String word) {
        if (!word.endsWith("e")) {
            return word;
        }
        String stem = before(word, "e");
        int measure = measure(stem);
        return measure > 1 || (measure == 1 && !endsShort(stem)) ? stem : word;
    }

    /// Step 5b: controll.
    private static String withoutDoubleL(String word) {
        return word.endsWith("ll") && measure(before(word, "l")) > 1 ? before(word, "l") : word;
    }

    /// Any letter but a, e, i, o, u, and y where no consonant is before it. Digits count as consonants.
    private static boolean consonant(String word, int at) {
        return switch (word.charAt(at)) {
            case 'a', 'e', 'i', 'o', 'u' -> false;
            case 'y' -> at == 0 || !consonant(word, at - 1);
            default -> true;
        };
    }

    private static int measure(String stem) {
        int measure = 0;
        for (int i = 1; i < stem.length(); i++) {
            measure += consonant(stem, i) && !consonant(stem, i - 1) ? 1 : 0;
        }
        return measure;
    }

    private static boolean hasVowel(String stem) {
        for (int i = 0; i < stem.length(); i++) {
            if (!consonant(stem, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsInDouble(String stem) {
        int last = stem.length() - 1;
        return last > 0 && stem.charAt(last) == stem.charAt(last - 1) && consonant(stem, last);
    }

    /// Consonant, vowel, consonant, the last not w, x or y: hop, fil. Of two letters vowel and consonant are
    /// enough for NLTK.
    private static boolean endsShort(String stem) {
        int last = stem.length() - 1;
        if (last == 1) {
            return !consonant(stem, 0) && consonant(stem, 1);
        }
        return last > 1
                && consonant(stem, last)
                && !consonant(stem, last - 1)
                && consonant(stem, last - 2)
                && "wxy".indexOf(stem.charAt(last)) < 0;
    }
}
