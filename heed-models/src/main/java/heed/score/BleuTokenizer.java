package heed.score;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// How BLEU finds the words of a text: the score depends on it, so it is part of the signature. The rules are
/// those of NIST's `mteval` scripts, as sacreBLEU has them (Post 2018, §2).
public enum BleuTokenizer {
    /// The rules of `mteval-v13a`, which shared tasks of translation use: ASCII punctuation stands alone, but
    /// full stops and commas between digits, and hyphens and apostrophes that follow no digit, stay.
    V13A("13a") {
        @Override
        List<String> words(String text) {
            String line = text.replace("<skipped>", "").replace("-\n", "").replace('\n', ' ');
            line = line.replace("&quot;", "\"")
                    .replace("&amp;", "&")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">");
            line = ASCII_SYMBOL.matcher(" " + line + " ").replaceAll(" $0 ");
            line = STOP_AFTER_OTHER.matcher(line).replaceAll("$1 $2 ");
            line = STOP_BEFORE_OTHER.matcher(line).replaceAll(" $1 $2");
            return NGrams.words(DASH_AFTER_DIGIT.matcher(line).replaceAll("$1 $2 "));
        }
    },
    /// The rules of `mteval-v14` for all scripts: punctuation stands alone unless it lies between numbers,
    /// symbols always do.
    INTL("intl") {
        @Override
        List<String> words(String text) {
            String line = PUNCTUATION_AFTER_OTHER.matcher(text).replaceAll("$1 $2 ");
            line = PUNCTUATION_BEFORE_OTHER.matcher(line).replaceAll(" $1 $2");
            return NGrams.words(SYMBOL.matcher(line).replaceAll(" $0 "));
        }
    },
    /// Every character is a word, for scripts without spaces.
    CHAR("char") {
        @Override
        List<String> words(String text) {
            return NGrams.words(String.join(" ", NGrams.characters(text)));
        }
    },
    /// The text is cut at its spaces: it was tokenized before.
    NONE("none") {
        @Override
        List<String> words(String text) {
            return NGrams.words(text);
        }
    };

    private static final Pattern ASCII_SYMBOL = Pattern.compile("[ -/:-@\\[-`{-~&&[^',.\\-]]");
    private static final Pattern STOP_AFTER_OTHER = Pattern.compile("([^0-9])([.,])");
    private static final Pattern STOP_BEFORE_OTHER = Pattern.compile("([.,])([^0-9])");
    private static final Pattern DASH_AFTER_DIGIT = Pattern.compile("([0-9])(-)");
    private static final Pattern PUNCTUATION_AFTER_OTHER = Pattern.compile("(\\P{N})(\\p{P})");
    private static final Pattern PUNCTUATION_BEFORE_OTHER = Pattern.compile("(\\p{P})(\\P{N})");
    private static final Pattern SYMBOL = Pattern.compile("\\p{S}");

    private final String signature;

    BleuTokenizer(String signature) {
        this.signature = signature;
    }

    abstract List<String> words(String text);

    /// What signatures call it.
    public String signature() {
        return signature;
    }

    /// @throws ScoreException when there is none of this name
    public static BleuTokenizer named(String name) {
        for (BleuTokenizer tokenizer : values()) {
            if (tokenizer.signature.equals(name.toLowerCase(Locale.ROOT))) {
                return tokenizer;
            }
        }
        throw new ScoreException("there is no tokenizer '" + name + "' for BLEU: it is 13a, intl, char or none");
    }
}
